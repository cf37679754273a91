"""What does an export hold, of which moment of which database is it, and is it whole?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

VERSION: Literal[1] = 1
# Not `.json`: whoever reads the folder as a source would take it for a collection.
FILE = "export.manifest"


@dataclass(frozen=True)
class Written:
    """A file of an export.

    :param file: its path within the folder.
    :param records: how many documents of each collection are in it.
    :param sha256: of its bytes, in hexadecimal digits.
    """

    file: str
    records: dict[str, int]
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """An export; one without a manifest was never finished.

    :param server: the target's address, without role and password.
    :param at: the moment whose rows are in all of its files.
    """

    version: Literal[1]
    gatepost: str
    project: str
    target: str
    database: str
    server: str
    system_identifier: str
    server_version: str
    at: dt.datetime
    files: tuple[Written, ...]

    @property
    def records(self) -> int:
        """How many documents there are in all."""
        return sum(sum(one.records.values()) for one in self.files)


MANIFEST = TypeAdapter(Manifest)


def read(folder: Path) -> Manifest:
    """Return the manifest of an export.

    :raises UsageError: it has none that can be read: it was never finished.
    """
    try:
        return MANIFEST.validate_json((folder / FILE).read_bytes())
    except OSError as error:
        raise UsageError(f"{folder / FILE} cannot be read: {error.strerror}") from None
    except ValidationError:
        raise UsageError(f"{folder / FILE} is no manifest of an export") from None
