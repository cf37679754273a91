"""What does Flyway's schema history say, and do its files still say the same?

The table as Flyway 4 and later make it.  Files are `V1_2__name.sql`, run once, and `R__name.sql`,
run whenever they have changed.  `B5__name.sql` stands for all up to 5 where the database is new,
and is passed over where it is not.  Java migrations have no file here, and no checksum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.ledgers import checksums, faults, locks, rows
from gatepost.ledgers.entries import Entry, Told, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked, State
    from gatepost.migrations.chain import Chain, File
    from gatepost.schema.catalog import Catalog, Table

COLUMNS = frozenset(
    {"installed_rank", "version", "description", "type", "script", "checksum", "success"}
)

_READ = sql.SQL(
    "select installed_rank::pg_catalog.text, script::pg_catalog.text, type::pg_catalog.text,"
    " version::pg_catalog.text, checksum::pg_catalog.text, success::pg_catalog.bool"
    " from {table} order by installed_rank"
)
_FILE = re.compile(r"(?P<kind>[VBR])(?P<version>\d+(?:[._]\d+)*)?__(?P<name>.*)")
_INTEGER = re.compile(r"-?\d{1,10}")
# What bears a version and is no migration: the schema was made, or taken as it was found.
_MARKERS = ("BASELINE", "SCHEMA")
_UNDOES = ("UNDO", "DELETE")
_FLOORS = ("BASELINE", "SQL_BASELINE")

Version = tuple[int, ...]


@dataclass(frozen=True)
class _Row:
    rank: str
    script: str
    type: str
    version: str | None
    checksum: str | None
    success: bool


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the rows in the order of their ranks.

    A migration that was undone, or deleted from the history, stands no more; of a repeatable one
    only its last run does.

    :raises UsageError: a row that Flyway cannot have written.
    """
    query = _READ.format(table=table.relation.identifier)
    needed = ("installed_rank", "script", "type")
    found = [_Row(*row) for row in rows.of(conn, table.relation, query, *needed)]
    return tuple(
        Entry(
            f"{row.rank} {row.script}",
            _name(row),
            row.checksum,
            _state(row, found[at + 1 :]),
            row.type,
        )
        for at, row in enumerate(found)
        if not row.type.startswith(_UNDOES)
    )


def held(conn: Connection, table: Table, _catalog: Catalog) -> tuple[str, ...]:
    """Return who migrates at this moment."""
    return locks.holders(conn, locks.flyway(table.relation))


def judge(asked: Asked) -> Told:
    """Return what is wrong with the rows, and with the files that they speak of."""
    findings = [*faults.locked(asked, "Flyway's lock is held"), *_rows(asked)]
    if asked.chain is None:
        return Told(tuple(findings))
    due = pending(asked.entries, asked.chain)
    late = [file for file in _waiting(asked.entries, asked.chain) if file not in due]
    findings += [*_against(asked, asked.chain), *_versions(asked.chain), *_late(asked, late)]
    waiting = asked.waiting(
        [file.name for file in due],
        "has a file and was never applied",
        hint="`flyway migrate` applies it",
    )
    return Told(tuple(findings)) + waiting


def pending(entries: Sequence[Entry], files: Chain) -> tuple[File, ...]:
    """Return what `flyway migrate` would run: versions above the last one, what repeats anew."""
    last = _last(entries)
    return tuple(
        file
        for file in _waiting(entries, files)
        if (version := _version(file.name)) is None or last is None or version > last
    )


def _name(row: _Row) -> str:
    """Return the file's name; of what has none, a baseline or a class of Java's, one like it."""
    name = row.script.removesuffix(".sql").rpartition("/")[2]
    known = row.version is None or _version(name) == _version(f"V{row.version}__")
    return name if known else f"V{row.version}__{name}"


def _state(row: _Row, later: Sequence[_Row]) -> State:
    if not row.success:
        return "failed"
    undone = any(one.type.startswith(_UNDOES) and one.version == row.version for one in later)
    again = row.version is None and any(one.script == row.script for one in later)
    if again or (undone and row.version is not None):
        return "taken back"
    return "marked" if row.type.startswith(_MARKERS) else "applied"


def _version(name: str) -> Version | None:
    found = _FILE.match(name)
    if found is None or found["version"] is None:
        return None
    first, *others = (int(part) for part in re.split(r"[._]", found["version"]))
    while others and not others[-1]:  # to Flyway, 1.0 is version 1
        others.pop()
    return (first, *others)


def _last(entries: Sequence[Entry]) -> Version | None:
    versions = (_version(one.name) for one in entries if one.stands and one.state == "applied")
    return max(filter(None, versions), default=None)


def _rows(asked: Asked) -> Iterator[str]:
    for entry in asked.standing:
        if entry.state == "failed":
            yield asked.says(
                f"{entry.name} failed, and Flyway refuses to go on",
                hint="take away what it left, then `flyway repair` removes its row",
            )
    yield from faults.checksums(
        asked,
        _INTEGER.fullmatch,
        "Flyway did not write this row: its checksums are whole numbers",
    )
    applied = (entry for entry in asked.standing if entry.state == "applied")
    versions = filter(None, (_version(entry.name) for entry in applied))
    yield from faults.twice(asked, (f"version {_dotted(one)}" for one in versions))


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _against(asked: Asked, files: Chain) -> Iterator[str]:
    by_version = {(file.name[0], _version(file.name)): file for file in files.files}
    for entry in asked.standing:
        version = _version(entry.name)
        if entry.state != "applied" or version is None or not entry.said.startswith("SQL"):
            continue
        file = by_version.get((entry.name[0], version))
        if file is None:
            yield asked.says(
                f"{entry.name} was applied and has no file",
                hint="put its file back, or `flyway repair` marks it as deleted",
            )
        elif file.name != entry.name:
            yield faults.renamed(asked, entry.name, file.name)
        elif entry.checksum is not None and str(checksums.crc32(file.text)) != entry.checksum:
            yield faults.edited(asked, entry.name)


def _versions(files: Chain) -> Iterator[str]:
    by_version: dict[tuple[str, Version], list[str]] = defaultdict(list)
    for file in files.files:
        if version := _version(file.name):
            by_version[file.name[0], version].append(file.name)
    for (_, version), names in by_version.items():
        if len(names) > 1:
            yield told(
                f"{len(names)} files have the version {_dotted(version)}:"
                f" {', '.join(sorted(names))}",
                "give each a version of its own",
            )
    for file in files.files:
        if not _FILE.fullmatch(file.name):
            yield told(f"{file.name}: Flyway does not see a file of this name", "V1_2__name.sql")


def _waiting(entries: Sequence[Entry], files: Chain) -> Iterator[File]:
    """Yield what is not applied as it is; up to a baseline nothing is ever run."""
    standing = [entry for entry in entries if entry.stands]
    baseline = None if standing else _newest_baseline(files)
    done = {_version(entry.name) for entry in standing} - {None}
    repeated = {entry.name: entry.checksum for entry in standing if _version(entry.name) is None}
    floors = [_version(entry.name) for entry in standing if entry.said in _FLOORS]
    if baseline is not None:
        floors.append(_version(baseline.name))
        yield baseline
    floor: Version = max(filter(None, floors), default=())
    for file in files.files:
        version = _version(file.name)
        if file.name.startswith("B"):
            continue
        if version is None:
            if repeated.get(file.name) != str(checksums.crc32(file.text)):
                yield file
        elif version not in done and version > floor:
            yield file


def _newest_baseline(files: Chain) -> File | None:
    found = (file for file in files.files if file.name.startswith("B"))
    return max(found, key=lambda file: _version(file.name) or (), default=None)


def _late(asked: Asked, files: Sequence[File]) -> Iterator[str]:
    for file in files:
        yield asked.says(
            f"{file.name} was never applied, and a later one was: Flyway passes it over",
            hint="give it the next version, or migrate with outOfOrder",
        )
