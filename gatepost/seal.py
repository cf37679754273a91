"""Does a JSON document still say what it said when it was written?

The seal is the SHA-256 of all else that the document says.  It shows a change made by hand or by
accident; whoever wants to deceive can seal anew.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

KEY = "seal"


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its seal at the end."""
    return {key: document[key] for key in document if key != KEY} | {KEY: _seal(document)}


def holds(document: dict[str, Any]) -> bool | None:
    """Whether it says what it said when it was sealed; None where it never was."""
    return _seal(document) == document[KEY] if KEY in document else None


def _seal(document: dict[str, Any]) -> str:
    said = {key: value for key, value in document.items() if key != KEY}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
