"""How is one script run, so that nothing of it stays when it fails, and the place is named?

The session is as psql would have it: nothing is pinned for whoever wrote the file.  Only how long
it may wait and work is set, and read back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from gatepost import database
from gatepost.errors import NotMigrated, UsageError
from gatepost.schema import declarations
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.migrations.scripts import Script
    from gatepost.migrations.statements import Statement
    from gatepost.schema.declarations import Object

_IDLE = psycopg.pq.TransactionStatus.IDLE
_IN_TRANSACTION = psycopg.pq.TransactionStatus.INTRANS
# One key for every folder and table: two runs in one database are never wanted.
KEY = int.from_bytes(hashlib.sha256(b"gatepost migrations").digest()[:8], signed=True)
_LOCK = "select pg_catalog.pg_try_advisory_lock(%s)"
_LIMIT = "select pg_catalog.set_config(%s, %s, false)"
_ENDED = "it has ended the transaction that it runs in"
_GRANTS = ("privileges_objects", "privileges_defaults")
# Where in a function it was, counted from the line with its opening quote.
_FUNCTION = re.compile(r"function \S+ line \d+")
# What people ask first, by SQLSTATE.
_EXISTS = "what is there already was made by something else: nothing is ever skipped as done"
_HINTS = {
    "25001": "-- gatepost: no transaction, in a file of its own",
    "42701": _EXISTS,
    "42710": _EXISTS,
    "42P06": _EXISTS,
    "42P07": _EXISTS,
    "42723": _EXISTS,
    "55P03": "another session holds what it needs: stop that, or wait longer for it",
    "57014": "it may take longer where a limit is raised",
}


@dataclass(frozen=True)
class Limits:
    """How long a statement may wait for a lock, and how long it may take; seconds, 0 for ever."""

    lock: float = 10.0
    statement: float = 3600.0


@dataclass(frozen=True)
class Changes:
    """What a script changed of what is declared, by identity."""

    made: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.made or self.changed or self.gone)

    def __str__(self) -> str:
        parts = {"made": self.made, "changed": self.changed, "dropped": self.gone}
        said = [f"{len(found)} {word}" for word, found in parts.items() if found]
        return ", ".join(said) or "nothing declared has changed"


@contextlib.contextmanager
def opened(dsn: Dsn, limits: Limits) -> Iterator[Connection]:
    """Yield the one session of this database that runs migrations.

    :raises NotMigrated: another one does, or the server does not keep to the limits.
    """
    with contextlib.closing(database.unpinned(dsn, label="migrations")) as conn:
        if not database.value(conn, _LOCK, (KEY,)):
            raise NotMigrated(f"another run of migrations is under way: {_holder(conn)}")
        _limit(conn, limits)
        yield conn


def run(conn: Connection, script: Script, noted: Callable[[dt.timedelta], None]) -> Changes:
    """Run a script, all of it or nothing unless it is marked otherwise.

    :param noted: called with the time it took, in its own transaction, once all went well.
    :raises NotMigrated: the server refused a statement, nothing declared has changed, something
        was set for longer than the script, or ``noted`` failed.
    """
    name = script.path.name
    conn.execute("discard temporary")  # as in a session of its own
    was, declared, granted = _settings(conn), _declared(conn), _granted(conn)
    began = time.monotonic()

    def finish() -> Changes:
        _refuse_leaks(script, was, _settings(conn))
        changes = _changes(declared, _declared(conn))
        _refuse_silence(script, changes, granted=granted != _granted(conn))
        noted(dt.timedelta(seconds=time.monotonic() - began))
        return changes

    try:
        if script.transactional:
            with conn.transaction():
                _send(conn, script)
                if conn.info.transaction_status is not _IN_TRANSACTION:
                    raise NotMigrated(f"{name}: {_ENDED}")
                return finish()
        _send(conn, script)
        if conn.info.transaction_status is not _IDLE:
            conn.rollback()
            raise NotMigrated(f"{name}: it leaves a transaction open, which was rolled back")
        with conn.transaction():
            return finish()
    except psycopg.Error as error:
        raise NotMigrated(f"{name}, at its commit: {said(error)}") from None
    except UsageError as error:  # what the file did to the ledger
        raise NotMigrated(f"{name}: {error.message}", hint=error.hint) from None


def _send(conn: Connection, script: Script) -> None:
    for statement in script.statements:
        try:
            conn.execute(statement.text.encode())
        except psycopg.Error as error:
            if not script.transactional and not conn.closed:
                conn.rollback()
            raise _refused(script, statement, error) from None


def _refused(script: Script, statement: Statement, error: psycopg.Error) -> NotMigrated:
    position = int(error.diag.statement_position or 1)
    line = statement.line + statement.text.count("\n", 0, position - 1)
    stays = script.statements[0] is not statement and not script.transactional
    after = "; what stands before it in the file was done, and stays" if stays else ""
    told = f"{script.path.name}, line {line}: {said(error)}{after}"
    return NotMigrated(told, hint=_HINTS.get(error.sqlstate or "", ""))


def said(error: psycopg.Error) -> str:
    """Return the server's words without its detail, which may quote values of rows."""
    words = error.diag.message_primary or str(error).strip().partition("\n")[0]
    context = _FUNCTION.search(error.diag.context or "")
    where = f", in {context[0]}" if context else ""
    return f"{words} ({error.sqlstate}){where}" if error.sqlstate else words


def _holder(conn: Connection) -> str:
    found = database.rows(conn, question("migrations_lock_holder"), {"key": KEY})
    return ", ".join(f"{name} (pid {pid})" for pid, name in found) or "it has just ended"


def _limit(conn: Connection, limits: Limits) -> None:
    wanted = {"lock_timeout": limits.lock, "statement_timeout": limits.statement}
    for name, seconds in wanted.items():
        conn.execute(_LIMIT, (name, str(round(seconds * 1000))))
    there = _settings(conn)
    if there["standard_conforming_strings"] != "on":
        raise NotMigrated(
            "standard_conforming_strings is off, and files are read as if it were on",
            hint="alter role … set standard_conforming_strings = on",
        )
    for name, seconds in wanted.items():
        if int(there[name]) != round(seconds * 1000):
            raise NotMigrated(f"{name}: {seconds:g} s were set, and {there[name]} ms are in force")


def _settings(conn: Connection) -> dict[str, str]:
    return dict(database.rows(conn, question("migrations_settings")))


def _declared(conn: Connection) -> dict[str, Object]:
    with database.pinned(conn):
        return {one.identity: one for one in declarations.read(conn)}


def _granted(conn: Connection) -> list[list[tuple[Any, ...]]]:
    """Return what is whose, and what was granted to whom."""
    with database.pinned(conn):
        return [database.rows(conn, question(name)) for name in _GRANTS]


def _changes(before: dict[str, Object], after: dict[str, Object]) -> Changes:
    return Changes(
        made=tuple(name for name in after if name not in before),
        changed=tuple(name for name in after if name in before and after[name] != before[name]),
        gone=tuple(name for name in before if name not in after),
    )


def _refuse_leaks(script: Script, before: dict[str, str], after: dict[str, str]) -> None:
    local = {one.words[2] for one in script.statements if one.begins("set", "local")}
    if "time" in local:  # set local time zone
        local.add("timezone")
    left = [name for name, value in after.items() if before.get(name) != value]
    left = [name for name in left if name.lower() not in local or not script.transactional]
    if left:
        raise NotMigrated(
            f"{script.path.name}: it has set {', '.join(left)}, and not for itself alone",
            hint="set local …",
        )


def _refuse_silence(script: Script, changes: Changes, *, granted: bool) -> None:
    name = script.path.name
    if script.declares and not (changes or granted):
        raise NotMigrated(
            f"{name}: it ran without an error, and everything declared is as it was before",
            hint="does it return early, or say `if not exists`? Where rows or settings alone are to"
            " change: -- gatepost: no objects",
        )
    if not script.declares and changes:
        raise NotMigrated(f"{name}: it is marked 'no objects', and of these are {changes}")
