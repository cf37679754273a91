"""What does one look from outside see?  A new login, a query, a canary, the application's health.

Nothing is kept from one look to the next: a connection that survived would prove nothing about
who could log in.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
import uuid
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from gatepost import database, pages
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError
from gatepost.http import OK, Client
from gatepost.names import Relation, parts
from gatepost.served import Health
from gatepost.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.database import Connection

# Where users are: still on the old system, kept out of both, or on the new one.
State = Literal["before", "closed", "after"]
UP = ""
CLOSED = "closed by the runner"

_QUERY = sql.SQL("select pg_catalog.now()")
_CANARY = sql.SQL("insert into {} (id, at) values (%s, pg_catalog.now())")
_TIMEOUT = "select pg_catalog.set_config('statement_timeout', %s, false)"
# The server may fall silent in the middle of an answer, which no statement_timeout sees.
_SHORTEST_CONNECT = 2  # seconds; libpq takes a lower one for this


@dataclass(frozen=True)
class Sight:
    """What is looked at.

    :param addresses: of the database, by state; one that is missing says that users are kept out,
        and `before` that what they use is no database.
    :param table: where canaries are written; empty for none.
    :param base: of the application; empty where there is none to be asked.
    :param health: what it is asked, and the answer that is expected.
    :param timeout: seconds.
    """

    addresses: dict[State, str]
    table: str
    base: str
    health: Health | None
    timeout: float


@dataclass(frozen=True)
class Look:
    """One line of the file.

    :param began: a monotonic moment, and ``took`` the seconds until all had answered.
    :param database: empty where it answered, else why not; ``application`` likewise.
    :param canary: the id of a row that the database has acknowledged; empty for none.
    """

    at: dt.datetime
    began: float
    took: float
    state: State
    database: str
    application: str | None
    canary: str = ""

    @property
    def ended(self) -> float:
        """The monotonic moment at which all had answered."""
        return self.began + self.took

    def failed(self, of: str) -> bool:
        """Whether the application, or the database, did not answer."""
        return bool(self.application if of == "application" else self.database)


_LOOK = TypeAdapter(Look)


def look(sight: Sight, state: State) -> Look:
    """Return what is seen now; what cannot be seen is in it, and is not raised.

    :raises Exception: an error of ours.
    """
    at, began = dt.datetime.now(dt.UTC), time.monotonic()
    said, canary = _database(sight, state)
    application = _application(sight)
    took = time.monotonic() - began
    return Look(at, round(began, 3), round(took, 3), state, said, application, canary)


def line(one: Look) -> str:
    """Return a look as a line of the file."""
    return _LOOK.dump_json(one).decode() + "\n"


def read(file: Path) -> list[Look]:
    """Return the looks of a file, in order; a last line that was never finished is none."""
    if not file.exists():
        return []
    whole = [text for text in file.read_bytes().splitlines(keepends=True) if text.endswith(b"\n")]
    return [_LOOK.validate_json(text) for text in whole]


def relation(table: str) -> Relation:
    """Return the table of the canaries."""
    schema, name = parts(table)
    return Relation(schema, name)


def _database(sight: Sight, state: State) -> tuple[str, str]:
    address = sight.addresses.get(state, "")
    if not address:
        return UP if state == "before" else CLOSED, ""
    # What the new system takes before the verdict, a rollback would have to take away again.
    writes = bool(sight.table) and state != "after"
    dsn = _impatient(address, sight.timeout)
    try:
        if not writes:
            with contextlib.closing(
                database.read_only(dsn, label="prober", statement=sight.timeout)
            ) as conn:
                conn.execute(_QUERY)
            return UP, ""
        with contextlib.closing(database.maintenance(dsn, label="prober")) as conn:
            conn.execute(_TIMEOUT, (str(round(sight.timeout * 1000)),))
            conn.execute(_QUERY)
            return UP, _canary(conn, sight.table)
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error).strip() or type(error).__name__
        return said.splitlines()[0], ""
    except GatepostError as error:
        return error.message, ""


def _canary(conn: Connection, table: str) -> str:
    name = str(uuid.uuid4())
    conn.execute(_CANARY.format(relation(table).identifier), (name,))
    return name


def _application(sight: Sight) -> str | None:
    if sight.health is None:
        return None
    limits = Limits(timeout=sight.timeout, requests=1)
    try:
        with Client(sight.base, limits) as client:
            answer = client.get(sight.health.path)
    except GatepostError as error:
        return error.message
    if not sight.health.expect:
        return UP if answer.status == OK else f"status {answer.status}"
    return "; ".join(pages.health_findings(answer, sight.health))


def _impatient(address: str, timeout: float) -> Dsn:
    return Dsn(address).unless_given(
        connect_timeout=str(max(_SHORTEST_CONNECT, round(timeout))),
        tcp_user_timeout=str(round(timeout * 1000)),
    )
