"""What does the report keep of both sides, besides yes or no?"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from gatepost.verdict import Attachment

# More than this helps nobody, and an attachment travels from worker to controller by pipe.
LIMIT = 256 * 1024


class Evidence:
    """Collects, for one check, what both sides said.  Give it facts, never secrets.

    Values of rows come masked from the function that read them; nothing is masked here.
    """

    def __init__(self) -> None:
        self.attachments: list[Attachment] = []
        self.notes: list[str] = []

    def record(self, what: object, *, before: object, after: object) -> None:
        """Keep what the two sides said about ``what``."""
        self.attach(str(what), {"before": before, "after": after})

    def attach(self, name: str, data: object) -> None:
        """Keep ``data``: text as it is, anything else as JSON."""
        if isinstance(data, str):
            self.attachments.append(Attachment(name, cut(data)))
        else:
            self.attachments.append(Attachment(name, cut(as_json(data)), "application/json"))

    def note(self, *texts: str) -> None:
        """Keep what is true and worth knowing, and no finding."""
        self.notes.extend(texts)


def as_json(data: object) -> str:
    """Return ``data`` as JSON: records by their fields, everything else unknown by its text."""
    return json.dumps(data, default=_plain, ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, Path):
        return value.name
    return str(value)


def cut(text: str) -> str:
    """Return ``text``, or its first `LIMIT` characters and how many there were."""
    if len(text) <= LIMIT:
        return text
    return f"{text[:LIMIT]}\n… cut: {len(text):,} characters in all"
