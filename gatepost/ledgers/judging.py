"""Does the record of applied migrations tell the truth about itself?

Read from the ledger's rows and, where the project names them, the files: nothing unfinished,
nothing twice, every checksum a checksum, and equal to that of its file.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, names
from gatepost.errors import UsageError
from gatepost.migrations import files as migrations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Ledger

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r"[A-Za-z]?(\d+)")

# Which of a table's columns plays which part, by the names that runners of plain SQL give them.
_ROLES = {
    "name": ("filename", "name", "version", "migration", "migration_name"),
    "checksum": ("checksum", "hash", "sha256"),
    "failed": ("status", "state", "success"),
}
_FAILED = {"failed", "false", "f", "error", "0", "pending", "running"}


@dataclass(frozen=True)
class Entry:
    """One row of a ledger.

    :param checksum: None where the ledger keeps none.
    :param steps: how many of its statements ran, where the ledger counts them.
    """

    id: str
    name: str
    checksum: str | None
    finished: bool
    rolled_back: bool
    failed: str = ""
    steps: int | None = None


@dataclass(frozen=True)
class Told:
    """What is wrong, and what is worth knowing."""

    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read(conn: Connection, ledger: Ledger, catalog: Catalog) -> tuple[Entry, ...] | None:
    """Return the ledger's rows in their order; None where its table is not there.

    :raises UsageError: the table has no column that could name a migration.
    """
    relation = names.relation(ledger.table)
    table = catalog.table(relation)
    if table is None:
        return None
    if ledger.kind == "prisma":
        rows = database.rows(conn, _PRISMA.format(table=relation.identifier))
        return tuple(Entry(*row) for row in rows)
    columns = {column.name for column in table.columns}
    found = {role: next((n for n in given if n in columns), "") for role, given in _ROLES.items()}
    if not found["name"]:
        raise UsageError(
            f"{ledger.table}: no column names a migration; it has {', '.join(sorted(columns))}",
            hint=f"one of {', '.join(_ROLES['name'])}",
        )
    return tuple(
        Entry(name, name, checksum, finished=True, rolled_back=False, failed=state or "")
        for name, checksum, state in database.rows(conn, _plain_query(found, relation.identifier))
    )


_PRISMA = sql.SQL(
    "select id::pg_catalog.text, migration_name::pg_catalog.text, checksum::pg_catalog.text,"
    " finished_at is not null, rolled_back_at is not null, '' , applied_steps_count"
    " from {table} order by started_at, migration_name"
)


def _plain_query(found: dict[str, str], table: sql.Identifier) -> sql.Composed:
    columns = sql.SQL(", ").join(
        sql.SQL("{}::pg_catalog.text").format(sql.Identifier(name)) if name else sql.SQL("null")
        for name in found.values()
    )
    return sql.SQL("select {} from {} order by 1").format(columns, table)


def judge(
    ledger: Ledger, entries: Sequence[Entry], files: Path | None, *, pending: bool = False
) -> Told:
    """Return what is wrong with a ledger's rows, each finding with its migration's name.

    Pure, but for reading the files of migrations.

    :param files: the folder of the migrations, if the project names one.
    :param pending: those that never ran are about to be: they are noted.
    """
    live = [entry for entry in entries if not entry.rolled_back]
    findings = [
        *_unfinished(ledger, entries),
        *_checksums(ledger, live),
        *_twice(ledger, live),
        *(_against_files(ledger, live, files) if files else ()),
    ]
    waiting = [*_never_applied(ledger, live, files)] if files else []
    if not pending:
        findings += waiting
    notes = waiting if pending else []
    notes += [
        f"{ledger.table}: {entry.name} is marked as applied and none of its steps was run"
        for entry in live
        if entry.steps == 0 and entry.finished
    ]
    return Told(tuple(findings), tuple(notes))


def _unfinished(ledger: Ledger, entries: Sequence[Entry]) -> Iterator[str]:
    applied = {e.name for e in entries if e.finished and not e.rolled_back}
    for entry in entries:
        if entry.failed.lower() in _FAILED:
            yield f"{ledger.table}: {entry.name} is recorded as {entry.failed}"
        elif entry.rolled_back and entry.name not in applied:
            yield f"{ledger.table}: {entry.name} was rolled back and never applied since"
        elif not entry.finished and not entry.rolled_back:
            yield f"{ledger.table}: {entry.name} failed, or is still running: it never finished"


def _checksums(ledger: Ledger, live: Sequence[Entry]) -> Iterator[str]:
    for entry in live:
        if entry.checksum is not None and not _SHA256.fullmatch(entry.checksum.lower()):
            yield f"{ledger.table}: {entry.name} has '{entry.checksum[:20]}' for a checksum"
        if ledger.kind == "prisma" and not _UUID.fullmatch(entry.id.lower()):
            yield f"{ledger.table}: {entry.name} has the id '{entry.id[:40]}', which is no uuid"


def _twice(ledger: Ledger, live: Sequence[Entry]) -> Iterator[str]:
    for name, times in Counter(entry.name for entry in live).items():
        if times > 1:
            yield f"{ledger.table}: {name} is recorded {times} times"


def _against_files(ledger: Ledger, live: Sequence[Entry], folder: Path) -> Iterator[str]:
    there = dict(_files(ledger, folder))
    digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in there.items()}
    for entry in live:
        checksum = (entry.checksum or "").lower()
        digest = digests.get(_stem(entry.name))
        same = sorted(name for name, one in digests.items() if one == checksum)
        if digest is None and same:
            yield f"{ledger.table}: {entry.name} was applied, and is called {same[0]} since"
        elif digest is None:
            yield f"{ledger.table}: {entry.name} was applied and has no file in {folder.name}"
        elif _SHA256.fullmatch(checksum) and digest != checksum:
            yield f"{ledger.table}: {entry.name} was edited after it was applied"
    if ledger.kind == "sql":
        yield from _versions(folder, there)


def _versions(folder: Path, there: Iterable[str]) -> Iterator[str]:
    """Yield the versions that several files have, and the files that have none among those."""
    versions: dict[str, list[str]] = defaultdict(list)
    for name in sorted(there):
        found = _VERSION.match(name)
        versions[found[1] if found else ""].append(name)
    unnumbered = versions.pop("", [])
    for version, files in versions.items():
        if len(files) > 1:
            told = f"{len(files)} files have the version {version}: {', '.join(files)}"
            yield f"{folder.name}: {told}"
    if versions and unnumbered:
        yield f"{folder.name}: without a version: {', '.join(unnumbered)}"


def _never_applied(ledger: Ledger, live: Sequence[Entry], folder: Path) -> Iterator[str]:
    there = dict(_files(ledger, folder))
    recorded = {_stem(entry.name) for entry in live}
    known = {(entry.checksum or "").lower() for entry in live}
    for name in sorted(there.keys() - recorded):
        if hashlib.sha256(there[name].read_bytes()).hexdigest() not in known:
            yield f"{ledger.table}: {name} has a file and was never applied"


def _files(ledger: Ledger, folder: Path) -> Iterator[tuple[str, Path]]:
    if ledger.kind == "prisma":
        for file in sorted(folder.glob("*/migration.sql")):
            yield file.parent.name, file
    else:
        for file in sorted(folder.glob("*.sql")):
            if migrations.forward(file.stem) == file.stem:
                yield file.stem, file


def _stem(name: str) -> str:
    return name.removesuffix(".sql")
