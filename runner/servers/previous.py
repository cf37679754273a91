"""What did the old database hold, so that it can be proved to be that again, days later?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from gatepost.errors import UsageError
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    from pathlib import Path

FILE = "previous.json"
_FINGERPRINT = TypeAdapter(Fingerprint)


def write(fingerprint: Fingerprint, folder: Path) -> None:
    """Keep it in a run's folder, on the disk when this returns."""
    with (folder / FILE).open("wb") as file:
        file.write(_FINGERPRINT.dump_json(fingerprint, indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Fingerprint:
    """Return what a run kept.

    :raises UsageError: nothing, or nothing that can be read: no rollback could be verified.
    """
    try:
        return _FINGERPRINT.validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        raise UsageError(
            f"{folder / FILE}: cannot be read: no rollback could be verified without it"
        ) from None
