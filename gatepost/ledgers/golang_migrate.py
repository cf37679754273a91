"""Up to which version has golang-migrate come, says its one row, and did the last one succeed?"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.errors import UsageError
from gatepost.ledgers import faults, locks, rows
from gatepost.ledgers.entries import Entry, Told, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked
    from gatepost.migrations.chain import Chain, File
    from gatepost.schema.catalog import Catalog, Table

COLUMNS = frozenset({"version", "dirty"})

_READ = sql.SQL(
    "select version::pg_catalog.text, dirty::pg_catalog.bool from {table} order by version"
)
_VERSION = re.compile(r"(\d+)_")
_NUMBER = re.compile(r"-?\d+")


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the row; there are more only if somebody has written them by hand.

    :raises UsageError: a row that golang-migrate cannot have written.
    """
    query = _READ.format(table=table.relation.identifier)
    found = rows.of(conn, table.relation, query, "version", "dirty")
    for version, _ in found:
        if not _NUMBER.fullmatch(version):
            raise UsageError(
                f"{table.relation}: version '{version}' is no number",
                hint="golang-migrate did not write it: find out which version is really there",
            )
    return tuple(
        Entry(
            version, version, state="failed" if dirty else "applied", said="dirty" if dirty else ""
        )
        for version, dirty in found
    )


def held(conn: Connection, table: Table, _catalog: Catalog) -> tuple[str, ...]:
    """Return who migrates at this moment."""
    keys = locks.golang_migrate(table.relation, conn.info.dbname)
    return locks.holders(conn, *keys)


def judge(asked: Asked) -> Told:
    """Return what is wrong with the row, and with the files that it speaks of."""
    findings = [*faults.locked(asked, "golang-migrate's lock is held"), *_rows(asked)]
    notes = [asked.says("it keeps no checksums: that a file was edited after it ran goes unseen")]
    if asked.chain is None:
        return Told(tuple(findings), tuple(notes))
    findings += _files(asked, asked.chain)
    waiting = asked.waiting(
        [file.name for file in pending(asked.entries, asked.chain)],
        "has a file and was never applied",
        hint="`migrate up` applies it",
    )
    return Told(tuple(findings), tuple(notes)) + waiting


def pending(entries: Sequence[Entry], files: Chain) -> tuple[File, ...]:
    """Return what `migrate up` would run: whatever has a higher version than the row."""
    at = reached(entries)
    return tuple(file for file in files.files if _version(file.name) > at)


def shrank(was: Sequence[Entry], now: Sequence[Entry]) -> Iterator[str]:
    """Yield that the version is lower than it was: of what ran before it, no row tells."""
    before, after = reached(was), reached(now)
    if after < before:
        yield f"it was at version {before}, and is at {max(after, 0) or 'none'}"


def reached(entries: Sequence[Entry]) -> int:
    """Return the version that the row names; -1 where there is no row."""
    return max((int(entry.name) for entry in entries), default=-1)


def _version(name: str) -> int:
    found = _VERSION.match(name)
    return int(found[1]) if found else -1


def _rows(asked: Asked) -> Iterator[str]:
    for entry in asked.entries:
        if entry.state == "failed":
            yield asked.says(
                f"version {entry.name} is dirty: it failed halfway, and nothing else is run",
                hint="take away what it left, or complete it; then `migrate force VERSION` with"
                " the version that is really there",
            )
    if len(asked.entries) > 1:
        versions = ", ".join(entry.name for entry in asked.entries)
        yield asked.says(
            f"it has {len(asked.entries)} rows, of the versions {versions}, and should have one",
            hint="keep the row of the version that is really there",
        )


def _files(asked: Asked, files: Chain) -> Iterator[str]:
    versions = Counter(_version(file.name) for file in files.files)
    at = reached(asked.entries)
    if at >= 0 and at not in versions:
        yield asked.says(
            f"it is at version {at}, and no file has that",
            hint="put the file back: without it golang-migrate goes neither on nor back",
        )
    for version, times in versions.items():
        if version >= 0 and times > 1:
            names = ", ".join(f.name for f in files.files if _version(f.name) == version)
            yield told(
                f"{times} files have the version {version}: {names}",
                "golang-migrate refuses all of them: give each a version of its own",
            )
