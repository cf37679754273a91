"""Which files make up a chain of migrations, in which order, whoever runs them?

Prisma has a folder for each, `20250816213427_init/migration.sql`; all others have files side by
side, `001_core.sql`, `000001_core.up.sql` or `V1_2__core.sql`.  Flyway alone looks for its own in
the folders below, too.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from gatepost.errors import UsageError
from gatepost.migrations.files import forward

Layout = Literal["prisma", "plain"]

SCRIPT = "migration.sql"
_NUMBER = re.compile(r"[A-Za-z]?(\d+)")
_FLYWAY = re.compile(r"(?P<kind>[VUBR])(?P<version>\d+(?:[._]\d+)*)?__")


@dataclass(frozen=True)
class File:
    """One migration, as it lies on the disk.

    :param name: Prisma's is its folder's; of all others the file's, without `.sql` and `.up`.
    :param path: where its SQL is.
    """

    name: str
    path: Path

    @cached_property
    def raw(self) -> bytes:
        """Its bytes, read once."""
        return self.path.read_bytes()

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def text(self) -> str:
        """Its SQL; a byte order mark stays what it is, the first character.

        :raises UsageError: it is not UTF-8.
        """
        try:
            return self.raw.decode()
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.name}: byte {error.start} is not UTF-8") from error


@dataclass(frozen=True)
class Chain:
    """The migrations of a folder in the order in which they run.

    :param empty: names of folders that Prisma would take for migrations, and that have no script.
    """

    layout: Layout
    files: tuple[File, ...]
    empty: tuple[str, ...] = ()

    def named(self, name: str) -> File | None:
        """Return the migration that is called so."""
        return next((one for one in self.files if one.name == name), None)


def of(folder: Path) -> Chain:
    """Return the chain that a folder holds; none of its files is read yet.

    A folder with a `*/migration.sql` is Prisma's, any other is plain.  Scripts that take a
    migration back are no part of the chain.

    :raises UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder.name}: there is no such folder of migrations")
    scripts = sorted(folder.glob(f"*/{SCRIPT}"), key=lambda one: one.parent.name)
    if scripts:
        there = {one.parent.name for one in scripts}
        folders = sorted(one.name for one in folder.iterdir() if one.is_dir())
        empty = tuple(name for name in folders if name not in there and not _hidden(name))
        return Chain("prisma", tuple(File(one.parent.name, one) for one in scripts), empty)
    below = (one for one in folder.glob("*/**/*.sql") if _FLYWAY.match(one.name))
    found = (*folder.glob("*.sql"), *below)
    plain = [File(one.stem.removesuffix(".up"), one) for one in found]
    names = {one.name for one in plain}
    forwards = [one for one in plain if not _is_way_back(one.name, names)]
    return Chain("plain", tuple(sorted(forwards, key=_place)))


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _is_way_back(name: str, names: set[str]) -> bool:
    """Whether it takes another back: `005_scale_down` does so only where there is a `005_scale`."""
    flyway = _FLYWAY.match(name)
    if flyway and flyway["kind"] == "U":
        return True
    taken_back = forward(name)
    return taken_back != name and (name == f"{taken_back}.down" or taken_back in names)


def _place(file: File) -> tuple[bool, tuple[int, ...], str]:
    """Return what the order is: versions as numbers, and what has none behind them, by name."""
    flyway = _FLYWAY.match(file.name)
    if flyway:
        version = tuple(int(one) for one in re.split(r"[._]", flyway["version"] or "") if one)
    else:
        number = _NUMBER.match(file.name)
        version = (int(number[1]),) if number else ()
    return not version, version, file.name
