"""What does Liquibase's changelog table say?  It is read only: nothing of Liquibase's is run.

A change set is known by its id, its author and its file together.  Of the files only SQL can be
compared: which change sets it holds; what their checksums should be, only Liquibase can tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.errors import UsageError
from gatepost.ledgers import faults, rows
from gatepost.ledgers.entries import Entry, Told
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked, State
    from gatepost.schema.catalog import Catalog, Table

COLUMNS = frozenset({"id", "author", "filename", "orderexecuted", "exectype", "md5sum"})

_READ = sql.SQL(
    "select filename::pg_catalog.text, id::pg_catalog.text, author::pg_catalog.text,"
    " exectype::pg_catalog.text, md5sum::pg_catalog.text"
    " from {table} order by orderexecuted, filename, id, author"
)
_LOCKED = sql.SQL(
    "select lockedby::pg_catalog.text, lockgranted::pg_catalog.text from {table}"
    " where locked::pg_catalog.bool order by id"
)
# Before 2.0 without the version of the way in which it is made.
_MD5 = re.compile(r"(\d+:)?[0-9a-f]{32}")
_CHECKSUM = "Liquibase did not write this row: its checksums are like 9:0123…, 32 digits"
# Of one that is recorded as anything else nobody knows that it ran.
_STATES: dict[str, State] = {"EXECUTED": "applied", "RERAN": "applied"}
_STATES |= {"SKIPPED": "marked", "MARK_RAN": "marked"}
# How a change set ends that is a whole file of unformatted SQL.
_WHOLE = "::raw::includeAll"
_FORMATTED = re.compile(r"^\s*--\s*liquibase\s+formatted\s+sql", re.IGNORECASE)
_CHANGESET = re.compile(
    r"""^\s*--\s*changeset\s+(?:"(?P<qa>[^"]+)"|(?P<a>[^\s:"][^:"\n]*?))"""
    r"""\s*:\s*(?:"(?P<qi>[^"]+)"|(?P<i>[^\s"]+))""",
    re.IGNORECASE | re.MULTILINE,
)


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the rows in the order in which their change sets ran.

    :raises UsageError: a row that Liquibase cannot have written.
    """
    query = _READ.format(table=table.relation.identifier)
    found = rows.of(conn, table.relation, query, "filename", "id", "author", "exectype")
    return tuple(
        Entry(
            f"{file}::{one}::{author}",
            f"{file}::{one}::{author}",
            md5,
            _STATES.get(exectype, "failed"),
            exectype,
        )
        for file, one, author, exectype, md5 in found
    )


def held(conn: Connection, table: Table, catalog: Catalog) -> tuple[str, ...]:
    """Return who holds the lock, a row of the table beside it that outlives whoever wrote it."""
    beside = Relation(table.relation.schema, f"{table.relation.name}lock")
    if catalog.table(beside) is None:
        return ()
    found = rows.of(conn, beside, _LOCKED.format(table=beside.identifier))
    return tuple(
        f"{by or 'nobody named'} since {since or 'an unknown time'}" for by, since in found
    )


def judge(asked: Asked) -> Told:
    """Return what is wrong with the rows, and with the SQL files that they speak of."""
    findings = [*_locked(asked), *_rows(asked)]
    notes = [*_notes(asked)]
    if asked.folder is None:
        return Told(tuple(findings), tuple(notes))
    there = changesets(asked.folder)
    files = _files(asked.folder)
    known: set[str] = set()
    for name in sorted({entry.name for entry in asked.standing}):
        recorded = name.partition("::")[0]
        file = _in(recorded, files)
        known.add(_of(file, name))
        if not file and recorded.endswith(".sql"):
            findings.append(_missing(asked, name, f"{asked.folder.name} has no such file"))
        elif file and _of(file, name) not in there and not name.endswith(_WHOLE):
            findings.append(_missing(asked, name, f"{file} has no such change set"))
    waiting = asked.waiting(
        [name for name in there if name not in known],
        "is in its file and was never applied",
        hint="`liquibase update` applies it, unless its contexts or labels leave it out",
    )
    return Told(tuple(findings), tuple(notes)) + waiting


def changesets(folder: Path) -> tuple[str, ...]:
    """Return the change sets of a folder's files of formatted SQL, each as `file::id::author`.

    :raises UsageError: there is no such folder.
    """
    found: list[str] = []
    for place, file in _files(folder).items():
        text = file.read_text(encoding="utf-8", errors="replace")
        if _FORMATTED.match(text.removeprefix("\ufeff")):
            found += [
                f"{place}::{one['qi'] or one['i']}::{one['qa'] or one['a']}"
                for one in _CHANGESET.finditer(text)
            ]
    return tuple(found)


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder.name}: there is no such folder of migrations")
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*.sql"))}


def _in(recorded: str, files: Collection[str]) -> str:
    """Return the file that is meant: Liquibase counts from folders that we do not know.

    Of several it is the one of which most is alike.
    """
    bare = recorded.removeprefix("classpath:")
    if bare in files:
        return bare
    inner = [one for one in files if bare.endswith(f"/{one}")]
    outer = [one for one in files if one.endswith(f"/{bare}")]
    return max(inner, key=len, default="") or min(outer, default="")


def _missing(asked: Asked, name: str, lacks: str) -> str:
    return asked.says(
        f"{name} was applied, and {lacks} any more",
        hint="put it back: without it a new database is built otherwise",
    )


def _of(file: str, name: str) -> str:
    return f"{file}::{name.partition('::')[2]}"


def _locked(asked: Asked) -> Iterator[str]:
    for holder in asked.held:
        yield asked.says(
            f"its lock is held by {holder}",
            hint="ask again later; if whoever it was is gone, `liquibase release-locks`",
        )


def _rows(asked: Asked) -> Iterator[str]:
    yield from faults.failed(asked, "take away what it left and its row, then `liquibase update`")
    yield from faults.checksums(asked, _MD5.fullmatch, _CHECKSUM)
    yield from faults.twice(asked, (entry.name for entry in asked.entries))


def _notes(asked: Asked) -> Iterator[str]:
    for entry in asked.entries:
        if entry.state == "marked":
            yield asked.says(f"{entry.name} is recorded as {entry.said}: it never ran here")
        elif entry.checksum is None:
            yield asked.says(f"{entry.name} has no checksum: that it was edited would go unseen")
