"""How do we talk to a PostgreSQL server?  The one door to psycopg's connections.

Checks get `read_only`; the runner alone gets `maintenance`.  Every session has the same pinned
settings, because a digest compares text, and text follows the session.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import class_row, dict_row, tuple_row
from psycopg.types.json import Jsonb

from gatepost.errors import CannotConnect, NotReadable, SnapshotGone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.dsn import Dsn

Connection = psycopg.Connection[Any]
Question = LiteralString | sql.SQL | sql.Composed
Record = TypeVar("Record")
Row = TypeVar("Row")

APPLICATION = "gatepost"
# Set by the runner for itself and its children: every session of a run bears the run's label, so
# that those that outlive it are known.
OF_RUN = "GATEPOST_OF_RUN"
CONNECT_TIMEOUT = 10
_LOOKS = 3  # at who answers behind a pooler

# What a value's text depends on (facts: each of these shows one value in two spellings), and what
# would end or slow a long read.  `row_security = off` makes a policy that would hide rows an
# error; it hides nothing and needs no right.
PINNED = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "xmlbinary": "base64",
    "lc_monetary": "C",
    "search_path": "",
    "array_nulls": "on",
    "quote_all_identifiers": "off",
    "row_security": "off",
    "jit": "off",
    # What reading may take of a server is what the project allowed: so many connections.
    "max_parallel_workers_per_gather": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    "client_min_messages": "warning",
}
# In ms.  A backend at work does not notice that its client has died unless it looks; only a server
# on Linux, or another with POLLRDHUP, can look, and no other takes the setting.
_LOOKS_FOR_CLIENT = {"client_connection_check_interval": "1000"}


def read_only(dsn: Dsn, *, snapshot: str = "", label: str = "", statement: float = 0) -> Connection:
    """Return a connection inside one read-only, repeatable-read transaction.

    Nothing can be written through it: the transaction, the session's default and, where the
    project uses a role that may only read, the role refuse it.  All that is read through it is one
    moment's state; with ``snapshot``, the moment of the session that exported it.

    :param snapshot: from `gatepost.snapshot.hold` on the same server.
    :param label: who asks, seen in pg_stat_activity behind `gatepost` and the run's label.
    :param statement: the longest that one statement may take, in seconds; 0 for no limit.
    :raises CannotConnect: unreachable, refused, or behind a pooler of transactions; the password is
        never in the message.
    :raises SnapshotGone: the exporting session has ended.
    """
    conn = _own(dsn, label)
    try:
        # set_config, as SET takes no parameter; one round trip for all of them.
        pinned = PINNED | {
            "statement_timeout": str(round(statement * 1000)),
            "default_transaction_read_only": "on",
            "default_transaction_isolation": "repeatable read",
        }
        _pin(conn, pinned)
        conn.commit()
        conn.read_only = True
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        if snapshot:
            _import(conn, snapshot)
    except BaseException:
        conn.close()
        raise
    return conn


def renew(conn: Connection, snapshot: str) -> None:
    """Begin a new transaction with the same snapshot if a failed statement has ended the last."""
    if conn.info.transaction_status is psycopg.pq.TransactionStatus.INERROR:
        conn.rollback()
        if snapshot:
            _import(conn, snapshot)


def maintenance(dsn: Dsn, *, label: str = "") -> Connection:
    """Return an autocommit connection that may write: for the runner, never for a check."""
    conn = _own(dsn, label)
    conn.autocommit = True
    _pin(conn, PINNED)
    return conn


def unpinned(dsn: Dsn, *, label: str = "") -> Connection:
    """Return an autocommit connection with the settings that role, database and server give it.

    For files of SQL that were written for psql: whoever wrote them counted on those.
    """
    conn = _connect(dsn, label)
    conn.autocommit = True
    conn.prepare_threshold = None  # each statement goes as it is written
    return conn


@contextlib.contextmanager
def pinned(conn: Connection) -> Iterator[None]:
    """Let an `unpinned` connection read as all others do; the block leaves nothing behind."""
    with conn.transaction(force_rollback=True):
        _pin(conn, PINNED)
        yield


def rows(conn: Connection, query: Question, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Return the rows of a query as tuples.

    :raises NotReadable: the role may not read what the query reads.
    """
    with conn.cursor(row_factory=tuple_row) as cursor:
        return _asked(cursor, query, parameters).fetchall()


def stream(conn: Connection, query: Question, *, at_once: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query from a cursor on the server, ``at_once`` of them in memory.

    ``conn`` may not be asked otherwise until the last row is taken.

    :raises NotReadable: the role may not read what the query reads.
    """
    with conn.transaction(), conn.cursor("gatepost", row_factory=tuple_row) as cursor:
        cursor.itersize = at_once
        try:
            cursor.execute(query)
        except psycopg.errors.InsufficientPrivilege as error:
            raise _not_readable(error) from None
        yield from cursor


@contextlib.contextmanager
def as_written(conn: Connection, path: Sequence[str] = ("public",)) -> Iterator[None]:
    """Let a query that the project wrote leave `public` out, as its author would.

    :param path: the schemas that its author counted on.

    :raises psycopg.Error: the server refuses it; the savepoint keeps the snapshot alive.
    """
    with conn.transaction():
        found = sql.SQL(", ").join(map(sql.Identifier, path or ("public",)))
        conn.execute(sql.SQL("set local search_path = {}").format(found))
        yield
        # An error takes the setting back with the savepoint; success would keep it.
        conn.execute("set local search_path = ''")


def records(
    conn: Connection, of: type[Record], query: Question, parameters: Any = None
) -> list[Record]:
    """Return the rows of a query as records: column aliases are field names."""
    with conn.cursor(row_factory=class_row(of)) as cursor:
        return _asked(cursor, query, parameters).fetchall()


def mappings(conn: Connection, query: Question, parameters: Any = None) -> list[dict[str, Any]]:
    """Return the rows of a query as dictionaries."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return _asked(cursor, query, parameters).fetchall()


def value(conn: Connection, query: Question, parameters: Any = None) -> Any:
    """Return the one value of a query that yields one row of one column."""
    (row,) = rows(conn, query, parameters)
    (only,) = row
    return only


def _asked(cursor: psycopg.Cursor[Row], query: Question, parameters: Any) -> psycopg.Cursor[Row]:
    try:
        return cursor.execute(query, parameters)
    except psycopg.errors.InsufficientPrivilege as error:
        raise _not_readable(error) from None
    except psycopg.OperationalError as error:
        if not cursor.connection.closed:
            raise
        raise CannotConnect(
            "the server closed the connection", hint="its log says why; begin the gate again"
        ) from error


def _not_readable(error: psycopg.errors.InsufficientPrivilege) -> NotReadable:
    said = str(error.diag.message_primary)
    hint = "grant pg_read_all_data to the role (PostgreSQL 14 and later)"
    if "row-level security" in said:
        hint = "row security would hide rows: use a role with BYPASSRLS"
    return NotReadable(f"cannot read: {said}", hint=hint)


def _connect(dsn: Dsn, label: str) -> Connection:
    run = os.environ.get(OF_RUN, "")
    name = " ".join(filter(None, (APPLICATION, run, label.removeprefix(run).strip())))[:63]
    given = dsn.parameters
    try:
        return psycopg.connect(
            make_conninfo(dsn.conninfo, **dsn.noticing),
            application_name=name,
            client_encoding="UTF8",
            connect_timeout=given.get("connect_timeout", CONNECT_TIMEOUT),
        )
    except psycopg.Error as error:
        raise CannotConnect(
            f"cannot connect to {dsn}: {_reason(error, given)}", hint=_way_in(error)
        ) from None


def _own(dsn: Dsn, label: str) -> Connection:
    """Return a connection whose session is nobody else's: only there may settings be made.

    :raises CannotConnect: a pooler lends the session to others after each transaction: they would
        be left with our settings, and could not write; and we might read with theirs.
    """
    conn = _connect(dsn, label)
    try:
        conn.autocommit = True
        # Not every proxy by which the process is another one lends it.
        if _backend(conn) != conn.info.backend_pid:
            _refuse_lent(conn, dsn, label)
        conn.autocommit = False
    except BaseException:
        conn.close()
        raise
    return conn


def _refuse_lent(conn: Connection, dsn: Dsn, label: str) -> None:
    """Make sure that the process that answers stays the same, and answers no other client."""
    with contextlib.closing(_connect(dsn, label)) as other:
        other.autocommit = True
        ours, theirs = ({_backend(one) for _ in range(_LOOKS)} for one in (conn, other))
    if len(ours) > 1 or len(theirs) > 1 or ours == theirs:
        raise CannotConnect(
            f"{dsn} leads to a pooler that lends one session to several clients",
            hint="the server's own address, or a pool of whole sessions",
        )


def _backend(conn: Connection) -> int:
    return int(value(conn, "select pg_catalog.pg_backend_pid()"))


def _reason(error: psycopg.Error, given: dict[str, str]) -> str:
    """Return the last line of what libpq said, without its own copy of the address."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if "failed:" in line), lines[-1] if lines else "")
    said = said.rsplit("failed: ", 1)[-1].removeprefix("FATAL:").strip()
    secret = given.get("password")
    return said.replace(secret, "****") if secret else said


def _way_in(error: psycopg.Error) -> str:
    said = str(error)
    if "password" in said or "authentication" in said:
        return "the password is read from the URL, PGPASSWORD, ~/.pgpass or a service file"
    if "does not exist" in said:
        return "is the name spelled as the server spells it, case included?"
    if "refused" in said or "timeout" in said or "resolve" in said or "translate" in said:
        return "is the server up, and may this machine reach that port?"
    return ""


def _pin(conn: Connection, settings: dict[str, str]) -> None:
    conn.execute(
        "select pg_catalog.set_config(key, value, false) from pg_catalog.jsonb_each_text(%s)"
        # an older server need not know all of them
        " where pg_catalog.current_setting(key, true) is not null"
        " and (not %s::pg_catalog.jsonb ? key or pg_catalog.version() like '%%linux%%')",
        (Jsonb(settings | _LOOKS_FOR_CLIENT), Jsonb(_LOOKS_FOR_CLIENT)),
    )


def _import(conn: Connection, snapshot: str) -> None:
    try:
        conn.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(snapshot)))
    except psycopg.Error as error:
        raise SnapshotGone(
            f"snapshot {snapshot} cannot be read any more: {error.diag.message_primary}",
            hint="the session that held it has ended; begin the gate again",
        ) from None
