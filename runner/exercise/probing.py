"""Is what the application accepts in the database, in the columns where it belongs?"""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import TYPE_CHECKING, Any

import psycopg

from gatepost import database
from gatepost.durations import spoken
from gatepost.errors import GatepostError
from gatepost.exercised import Probed
from gatepost.exercises import ID
from gatepost.wording import counted

from . import places, using

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.exercises import Probe
    from gatepost.writing import Writer

_PAUSE = 0.05  # seconds between two looks for a row

Row = dict[str, Any]


def probe(writer: Writer, declared: Probe, live: Dsn) -> Probed:
    """Have the application save a row, look for it by SQL, and have it removed.

    :param live: the database that the gate has verified: where else it may be saved is no matter.
    """
    name = str(uuid.uuid4())
    try:
        answer = writer.send(declared.method, declared.create, declared.body.replace(ID, name))
        found = using.accepted(answer)
    except GatepostError as error:
        return Probed(declared.create, problems=(error.message,))
    accepted_s = round(answer.seconds, 4)
    try:
        saved = places.at(found, declared.id)
    except GatepostError as error:
        problem = f"accepted, but {error.message}: what was saved cannot be found, nor removed"
        return Probed(declared.create, accepted_s, problems=(problem,))
    seen, problems = _seen(declared, live, saved, name)
    if why := using.removed(writer, declared.delete, found):
        problems.append(why)
    elif seen is not None:
        problems += _left(declared, live, saved)
    return Probed(declared.create, accepted_s, seen, tuple(problems))


def _seen(declared: Probe, live: Dsn, saved: str, name: str) -> tuple[float | None, list[str]]:
    """Return how long it took until the row was there, and what is wrong with it.

    :param name: what `{id}` stood for.
    """
    began = time.monotonic()
    try:
        rows = _rows(declared, live, saved)
        while not rows and time.monotonic() < began + declared.within:
            time.sleep(_PAUSE)
            rows = _rows(declared, live, saved)
    except (GatepostError, psycopg.Error) as error:
        return None, [f"accepted, but not to be looked for: {_said(error)}"]
    if not rows:
        within = f"within {spoken(declared.within)}"
        problem = f"accepted, but not in the verified database {within}: not saved, or elsewhere"
        return None, [problem]
    found = round(time.monotonic() - began, 4)
    if len(rows) > 1:
        return found, [f"accepted once, and {counted(len(rows), 'row')} in the database"]
    return found, list(_unlike(rows[0], declared, name))


def _unlike(row: Row, declared: Probe, name: str) -> Iterator[str]:
    """Yield the columns that do not hold what was written, without what they hold."""
    for column, expected in declared.expect.items():
        wanted = expected.replace(ID, name) if isinstance(expected, str) else expected
        if column not in row:
            yield f"the query has no column {column}: it has {', '.join(row)}"
        elif row[column] is None:
            yield f"{column} was written, and is null in the database"
        elif _plain(row[column]) != _plain(wanted):
            yield f"{column} is not in the database as it was written"


def _plain(value: Any) -> str:
    """Return a value as text, as JSON would write a yes or no."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _left(declared: Probe, live: Dsn, saved: str) -> Iterator[str]:
    """Yield what is still there of a row that the application says it has removed."""
    began = time.monotonic()
    try:
        while _rows(declared, live, saved):
            if time.monotonic() > began + declared.within:
                yield "still in the database after it was removed"
                return
            time.sleep(_PAUSE)
    except (GatepostError, psycopg.Error) as error:
        yield f"whether it was removed cannot be told: {_said(error)}"


def _rows(declared: Probe, live: Dsn, saved: str) -> list[Row]:
    """Return what the query finds now: each look is a transaction, and sees what was committed."""
    with (
        contextlib.closing(database.read_only(live, label="probe")) as conn,
        database.as_written(conn),
    ):
        return database.mappings(conn, declared.query, {"id": saved})


def _said(error: Exception) -> str:
    if isinstance(error, psycopg.Error):
        return str(error.diag.message_primary or type(error).__name__)
    return str(error).splitlines()[0]
