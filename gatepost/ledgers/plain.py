"""What does a table with a row for each SQL file say, whoever keeps it, we among them?"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.errors import UsageError
from gatepost.ledgers import checksums, faults, locks, rows
from gatepost.ledgers.entries import Entry, Told, told
from gatepost.migrations import session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked, State
    from gatepost.migrations.chain import Chain, File
    from gatepost.schema.catalog import Catalog, Table

_VERSION = re.compile(r"[A-Za-z]?(\d+)")

# Which of a table's columns plays which part, by the names that runners of plain SQL give them.
_ROLES = {
    "name": ("filename", "name", "version", "migration", "migration_name"),
    "checksum": ("checksum", "hash", "sha256"),
    "state": ("status", "state", "success"),
}
# What they say of one that ran to its end.  Of whatever else they say nobody knows that it did.
_DONE = {"applied", "completed", "complete", "done", "executed", "finished", "migrated", "up"}
_DONE |= {"success", "successful", "succeeded", "ok", "yes", "true", "t", "1", "passed"}
_CHECKSUM = "find out whether it ran, and as what: a SHA-256 has 64 hexadecimal digits"


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the rows in the order of their names.

    :raises UsageError: the table has no column that could name a migration, or a row names none.
    """
    columns = {column.name for column in table.columns}
    found = {role: next((n for n in given if n in columns), "") for role, given in _ROLES.items()}
    if not found["name"]:
        raise UsageError(
            f"{table.relation}: no column names a migration; it has {', '.join(sorted(columns))}",
            hint=f"one of {', '.join(_ROLES['name'])}",
        )
    query = _query(found, table.relation.identifier)
    return tuple(
        Entry(name, name.removesuffix(".sql"), checksum, *(_state(state) if found["state"] else ()))
        for name, checksum, state in rows.of(conn, table.relation, query, found["name"])
    )


def held(conn: Connection, _table: Table, _catalog: Catalog) -> tuple[str, ...]:
    """Return who runs migrations by us at this moment; of other runners nobody can tell."""
    return locks.holders(conn, session.KEY)


def judge(asked: Asked) -> Told:
    """Return what is wrong with the rows, and with the files that they speak of."""
    findings = [
        *faults.locked(asked, "migrations are run at this moment"),
        *faults.failed(asked, "take away what it left and its row, and run it again"),
        *faults.checksums(asked, _is_sha256, _CHECKSUM),
        *faults.twice(asked, (entry.name for entry in asked.standing)),
    ]
    if asked.chain is None:
        return Told(tuple(findings))
    findings += [*_against(asked, asked.chain), *_versions(asked, asked.chain)]
    if asked.pending:
        findings += _late(asked, asked.chain)
    waiting = asked.waiting(
        [file.name for file in _never_applied(asked, asked.chain)],
        "has a file and was never applied",
        hint="apply it, or delete it",
    )
    return Told(tuple(findings)) + waiting


def pending(entries: Sequence[Entry], files: Chain) -> tuple[File, ...]:
    """Return what no row stands for, in the order of the chain."""
    standing = {entry.name for entry in entries if entry.stands}
    return tuple(file for file in files.files if file.name not in standing)


def _state(said: str | None) -> tuple[State, str]:
    return "applied" if (said or "").lower() in _DONE else "failed", said or "nothing"


def _query(found: dict[str, str], table: sql.Identifier) -> sql.Composed:
    columns = sql.SQL(", ").join(
        sql.SQL("{}::pg_catalog.text").format(sql.Identifier(name)) if name else sql.SQL("null")
        for name in found.values()
    )
    return sql.SQL("select {} from {} order by 1").format(columns, table)


def _is_sha256(checksum: str) -> bool:
    return bool(checksums.SHA256.fullmatch(checksum.lower()))


def _against(asked: Asked, files: Chain) -> Iterator[str]:
    digests = {file.name: file.sha256 for file in files.files}
    for entry in {one.name: one for one in asked.standing}.values():
        checksum = (entry.checksum or "").lower()
        digest = digests.get(entry.name)
        same = sorted(name for name, one in digests.items() if one == checksum)
        if digest is None and same:
            yield faults.renamed(asked, entry.name, same[0])
        elif digest is None:
            yield asked.says(
                f"{entry.name} was applied and has no file in {_called(asked)}",
                hint="put its file back: without it a new database is built otherwise",
            )
        elif _is_sha256(checksum) and digest != checksum:
            yield faults.edited(asked, entry.name)


def _called(asked: Asked) -> str:
    """Return how the folder of the migrations is called."""
    return asked.folder.name if asked.folder else ""


def _versions(asked: Asked, files: Chain) -> Iterator[str]:
    """Yield the versions that several files have, and the files that have none among those."""
    versions: dict[str, list[str]] = defaultdict(list)
    for name in sorted(file.name for file in files.files):
        found = _VERSION.match(name)
        versions[found[1] if found else ""].append(name)
    unnumbered = versions.pop("", [])
    for version, ones in versions.items():
        if len(ones) > 1:
            yield told(
                f"{_called(asked)}: {len(ones)} files have the version {version}: "
                + ", ".join(ones),
                "give each a version of its own before any of them runs anywhere",
            )
    if versions and unnumbered:
        yield told(
            f"{_called(asked)}: without a version: {', '.join(unnumbered)}",
            "what has no version has no place in the order",
        )


def _late(asked: Asked, files: Chain) -> Iterator[str]:
    names = [file.name for file in files.files]
    done = {entry.name for entry in asked.standing}
    last = max((at for at, name in enumerate(names) if name in done), default=-1)
    for file in _never_applied(asked, files):
        if names.index(file.name) < last:
            yield asked.says(
                f"{file.name} was never applied, and a later one was: {names[last]}",
                hint="give it the next version",
            )


def _never_applied(asked: Asked, files: Chain) -> Iterable[File]:
    known = {(entry.checksum or "").lower() for entry in asked.standing}
    return (one for one in pending(asked.entries, files) if one.sha256 not in known)
