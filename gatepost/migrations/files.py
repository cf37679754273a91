"""Which migrations does a folder hold, in which order, and may they be run at all?

`001_core.sql` is a migration; `001_core.down.sql`, or `001_core_rollback.sql`, takes it back.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.migrations import scripts
from gatepost.migrations.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# How the way back of a migration is called.
WAYS_BACK = (".down", "_down", "_rollback")

_NAME = re.compile(r"(?P<version>\d+)_[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Migration:
    """A migration and, where there is one, its way back.

    :param version: the digits at the head of its name, as they are written.
    :param name: the file's, without `.sql`.
    """

    version: str
    name: str
    up: Script
    down: Script | None

    @property
    def number(self) -> int:
        """Its place among all."""
        return int(self.version)

    @property
    def path(self) -> Path:
        """Its file."""
        return self.up.path

    @property
    def sha256(self) -> str:
        """Of its file."""
        return self.up.sha256

    @property
    def transactional(self) -> bool:
        """Whether all of it is done, or nothing."""
        return self.up.transactional


@dataclass(frozen=True)
class Folder:
    """What a folder holds, and why some of it must not be run.

    :param migrations: those that can be read, in the order of their versions.
    :param faults: one line each, with the file's name and, where it has one, the line.
    """

    migrations: tuple[Migration, ...]
    faults: tuple[str, ...]


def read(folder: Path) -> tuple[Migration, ...]:
    """Return the migrations of a folder, in the order in which they are run.

    :raises UsageError: with all that `look` finds at fault, or that there is none.
    """
    found = look(folder)
    if found.faults:
        raise UsageError("\n".join(found.faults))
    return found.migrations


def look(folder: Path) -> Folder:
    """Return the migrations of a folder and whatever is wrong with them.  It runs nothing."""
    if not folder.is_dir():
        return Folder((), (f"{folder.name}: there is no such folder of migrations",))
    faults: list[str] = []
    found: dict[str, Script] = {}
    names: list[str] = []
    for file in sorted(one for one in folder.iterdir() if one.suffix.lower() == ".sql"):
        if file.suffix != ".sql":
            faults.append(f"{file.name}: it would not be run\n  hint: {file.stem}.sql")
            continue
        names.append(file.stem)
        try:
            found[file.stem] = scripts.read(file)
        except UsageError as error:
            faults.append(f"{file.name}: {error}")
    faults += _misnamed(names)
    migrations = sorted(_paired(found), key=lambda one: (one.number, one.name))
    faults += _misordered(migrations)
    if not names:
        faults.append(f"{folder.name}: it holds no NAME.sql")
    return Folder(tuple(migrations), tuple(faults))


def forward(name: str) -> str:
    """Return the name of the migration that a script, by its own name, takes back; or is."""
    for ending in WAYS_BACK:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def _paired(there: dict[str, Script]) -> Iterator[Migration]:
    for name, script in there.items():
        found = _NAME.fullmatch(name)
        if found is None or forward(name) != name:
            continue
        back = (there.get(f"{name}{ending}") for ending in WAYS_BACK)
        yield Migration(found["version"], name, script, next(filter(None, back), None))


def _misnamed(names: Iterable[str]) -> Iterator[str]:
    names = list(names)
    back: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if not _NAME.fullmatch(forward(name)):
            yield f"{name}.sql: it has no version\n  hint: 007_what_it_does.sql"
        elif forward(name) != name:
            back[forward(name)].append(f"{name}.sql")
    for name, files in back.items():
        if name not in names:
            yield f"{files[0]}: there is no {name}.sql that it could take back"
        if len(files) > 1:
            yield f"{name}.sql: {len(files)} files take it back: {', '.join(files)}"


def _misordered(migrations: list[Migration]) -> Iterator[str]:
    by_number: dict[int, list[Migration]] = defaultdict(list)
    for one in migrations:
        by_number[one.number].append(one)
    for ones in by_number.values():
        if len(ones) > 1:
            files = ", ".join(f"{one.name}.sql" for one in ones)
            yield f"{ones[0].version}: {len(ones)} files have this version: {files}"
    # Every other program, and everybody who reads the folder, goes by the names.
    for one, later in itertools.pairwise(migrations):
        if one.name > later.name and one.number != later.number:
            yield (
                f"{later.name}.sql is listed before {one.name}.sql, and is later"
                "\n  hint: as many digits in each version"
            )
