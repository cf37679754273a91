"""What do migrations build from nothing, file after file, and at which statement do they stop?

Prisma sends each file as one query: all of it is one transaction, and what needs a transaction of
its own fails beside anything else.  Other files are run by psql, statement after statement.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.migrations import statements
from gatepost.migrations.chain import Layout
from gatepost.schema import programs, promises
from gatepost.schema.programs import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.migrations.chain import File
    from gatepost.migrations.statements import Statement

# psql says where it stopped, and why.
_STOPPED = re.compile(r"^psql:.*?:(\d+): (?:ERROR|FATAL): +(.*)$", re.MULTILINE)
_NOT_AVAILABLE = re.compile(r'extension "[^"]*" is not available')
_PUBLIC = "public"
# So much of a statement is quoted, and nothing of a text in it, which may be a secret.
_QUOTED = 100


@dataclass(frozen=True)
class Way:
    """How files are run.

    :param schema: where names without a schema lead; Prisma makes it, unless it is `public`.
    :param psql: the program, for files that are not Prisma's.
    """

    layout: Layout
    schema: str = _PUBLIC
    psql: Path | None = None


@dataclass(frozen=True)
class Ran:
    """How files ended.

    :param stopped: at which statement of which file, and why; empty if all ran to their end.
    :param swallowed: what blocks of theirs were to add and did not, a line each.
    """

    stopped: str = ""
    swallowed: tuple[str, ...] = ()


def run(made: Dsn, files: Iterable[File], way: Way) -> Ran:
    """Run files in a database of ours, until one stops.

    Each has a session of its own: a setting that one leaves behind is no part of what it builds.

    :raises UsageError: the server has not what a file asks for, so that it says nothing of it.
    """
    swallowed: list[str] = []
    for file in files:
        stopped = _sent(made, file, way) if way.layout == "prisma" else _by_psql(made, file, way)
        if stopped:
            return Ran(stopped, tuple(swallowed))
        swallowed += promises.broken(made, file)
    return Ran(swallowed=tuple(swallowed))


def spoken(file: File, layout: Layout) -> str:
    """Return a file's name with that of its folder, as people look for it."""
    folder = file.path.parent
    return f"{folder.name}/{file.path.name}" if layout == "prisma" else _beside(file)


def _beside(file: File) -> str:
    return str(file.path.relative_to(file.path.parent.parent))


def _sent(made: Dsn, file: File, way: Way) -> str:
    with contextlib.closing(database.unpinned(made, label="scratch")) as conn:
        _lead_to(conn, way.schema)
        done, error = _answered(conn, file.raw)
    if error is None:
        return ""
    line, statement = _place(file, done, error)
    said = f"{error.diag.message_primary} ({error.sqlstate})"
    _refuse_absent(said, file)
    where = f"{spoken(file, way.layout)}, line {line}" if line else spoken(file, way.layout)
    return f"{where}: {said}{_quoted(statement)}"


def _lead_to(conn: Connection, schema: str) -> None:
    """Let names lead where they lead for Prisma: into the schema of its address, and no other."""
    name = sql.Identifier(schema)
    if schema != _PUBLIC:
        conn.execute(sql.SQL("create schema if not exists {}").format(name))
    conn.execute(sql.SQL("set search_path = {}").format(name))


def _answered(conn: Connection, script: bytes) -> tuple[int, psycopg.Error | None]:
    """Send a script as one query; return how many statements were done, and what stopped it."""
    raw, done, error = conn.pgconn, 0, None
    raw.send_query(script)
    while (result := raw.get_result()) is not None:
        if result.status == psycopg.pq.ExecStatus.COPY_IN:
            raw.put_copy_end(b"no data comes with a file that is sent as one query")
        elif result.status == psycopg.pq.ExecStatus.FATAL_ERROR:
            error = psycopg.errors.error_from_result(result, "utf-8")
        else:
            done += 1
    return done, error


def _place(file: File, done: int, error: psycopg.Error) -> tuple[int, Statement | None]:
    """Return the line of an error, and the statement that it is in; 0 where nobody tells.

    The server says where in the text it was only of what it could not parse or find; of all else,
    the statements that were done before tell.
    """
    found = _statements(file)
    position = int(error.diag.statement_position or 0)
    if position:
        line = file.text.count("\n", 0, position - 1) + 1
        return line, next((one for one in reversed(found) if one.line <= line), None)
    at = found[done] if done < len(found) else None
    return (at.line, at) if at else (0, None)


def _statements(file: File) -> Sequence[Statement]:
    try:
        return statements.split(file.text).statements
    except UsageError:
        return ()


def _by_psql(made: Dsn, file: File, way: Way) -> str:
    argv = (str(way.psql), "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", str(file.path))
    done = programs.run(Program("psql", argv, made))
    if not done.status:
        return ""
    found = _STOPPED.search(done.said)
    if found is None:
        return f"{_beside(file)}: {done.told}"
    _refuse_absent(found[2], file)
    # psql counts to the end of the statement.
    ending = (one for one in _statements(file) if _last_line(one) == int(found[1]))
    return f"{_beside(file)}, line {found[1]}: {found[2]}{_quoted(next(ending, None))}"


def _last_line(statement: Statement) -> int:
    return statement.line + statement.text.count("\n")


def _refuse_absent(said: str, file: File) -> None:
    """Tell what only this server refuses from what any would."""
    if _NOT_AVAILABLE.search(said):
        raise UsageError(
            f"{file.name}: {said} on the scratch server: [schema] scratch names one that has it"
        )


def _quoted(statement: Statement | None) -> str:
    """Return a statement in one line, up to the first text in it."""
    if statement is None:
        return ""
    whole = " ".join(statement.text.rstrip(";").split())
    shown = whole.partition("'")[0].partition("$")[0][:_QUOTED].rstrip()
    return f": {shown}{'' if shown == whole else '…'}"
