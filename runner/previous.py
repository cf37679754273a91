"""What was the old database, so that it can be proved to be that again, days later?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from gatepost.errors import UsageError
from gatepost.fingerprint import Fingerprint

from .databases import Database

if TYPE_CHECKING:
    from pathlib import Path

FILE = "previous.json"


@dataclass(frozen=True)
class Previous:
    """The database as it was under the live name, and what it declared and held."""

    database: Database
    fingerprint: Fingerprint


_PREVIOUS = TypeAdapter(Previous)


def write(previous: Previous, folder: Path) -> None:
    """Keep it in a run's folder, on the disk when this returns."""
    with (folder / FILE).open("wb") as file:
        file.write(_PREVIOUS.dump_json(previous, indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Previous:
    """Return what a run kept.

    :raises UsageError: nothing, or nothing that can be read: no rollback could be verified.
    """
    try:
        return _PREVIOUS.validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        raise UsageError(
            f"{folder / FILE}: no old database that can be read: no rollback could be verified"
        ) from None
