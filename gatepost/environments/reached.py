"""Does the address that the application is told reach the database that was verified?

Nothing of the address is ever told: only its key, and in what the database differs that it reaches.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, tunnel
from gatepost.environments import address, dotenv
from gatepost.errors import CannotConnect, UsageError
from gatepost.sql import question
from gatepost.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.environments.address import Address
    from gatepost.environments.planned import Address as Asked
    from gatepost.settings import Settings
    from gatepost.side import Side

_LABEL = "environment"
_PORT = "5432"


@dataclass(frozen=True)
class Reached:
    """Where a session of the application has come to."""

    system_identifier: str
    started: str
    standby: bool
    database: str
    role: str
    backend: int
    has_schema: bool


@dataclass(frozen=True)
class Session:
    """A session as its client knows it.

    :param pooled: who answered is not who was asked: the server behind it has another process id.
    :param gave_password: the server wanted one, and got it.
    """

    reached: Reached
    pooled: bool
    gave_password: bool


def told(settings: Settings, asked: Asked, after: Side) -> Told:
    """Return where the application would not reach ``after``; it logs in once, and reads.

    It logs in with what the file says, and so needs to come from where the application may.
    """
    declared = settings.project.environment
    assert declared is not None, "planned only where it is declared"
    about = f"{declared.shown(settings.target_name)}: {asked.key}"
    try:
        wanted = _address(settings, settings.target_name, asked.key)
        session = _session(wanted)
    except UsageError as error:
        return Told((f"{about} {error}",))
    except CannotConnect as error:
        hint = error.hint or "is this machine let in, and are certificates where the address says?"
        return Told((f"{about} reaches no database\n  hint: {hint}",))
    verified = _reached(after.connection)
    findings = (
        *_elsewhere(session.reached, verified, after),
        *_as_whom(session, wanted, declared.user),
        *_by_which_way(session, wanted, asked),
        *_told_otherwise(settings, asked.key, wanted.dsn),
    )
    notes = (
        *_notes(session, verified, asked, declared.user),
        *_read_first(settings, asked.key),
    )
    return Told(
        tuple(f"{about} {line}" for line in findings),
        tuple(f"{about} {line}" for line in notes),
        _facts(session, after),
    )


def _address(settings: Settings, target: str, key: str) -> Address:
    """Return what a target's file says under a key.

    :raises UsageError: it says nothing that could be read; the message ends a sentence.
    """
    declared = settings.project.environment
    assert declared is not None, "planned only where it is declared"
    try:
        variables = dotenv.read(settings.path(declared.files[target]))
    except UsageError as error:
        raise UsageError(f"is not known: the file {error.message}") from None
    if key not in variables.keys - variables.empty:
        raise UsageError("is not there, or empty")
    try:
        text = variables.expanded(key)
    except UsageError as error:
        raise UsageError(f"cannot be read: {error.message}", hint=error.hint) from None
    return address.read(text, ssh=settings.after.ssh)


def _session(wanted: Address) -> Session:
    # No setting is made: a pooler would hand it, with the session, to the application.
    with contextlib.ExitStack() as held:
        held.enter_context(tunnel.opened((wanted.dsn,)))
        conn = held.enter_context(contextlib.closing(database.unpinned(wanted.dsn, label=_LABEL)))
        with conn.transaction():
            conn.execute("set transaction read only")
            reached = _reached(conn, wanted.schema)
        pooled = conn.info.backend_pid != reached.backend
        return Session(reached, pooled, conn.pgconn.used_password)


def _reached(conn: Connection, schema: str = "") -> Reached:
    (reached,) = database.records(
        conn, Reached, question("environment_reached"), {"schema": schema}
    )
    return reached


def _elsewhere(reached: Reached, verified: Reached, after: Side) -> Iterator[str]:
    where = f"{verified.database} at {after.info.server}"
    if reached.system_identifier != verified.system_identifier:
        yield (
            f"reaches another server, of system {reached.system_identifier}: what was verified is"
            f" {where}, of system {verified.system_identifier}"
        )
    elif reached.standby:
        yield f"reaches a standby, to which nothing can be written: what was verified is {where}"
    elif reached.started != verified.started:
        yield f"reaches a copy of the server, file by file: what was verified is {where}"
    elif reached.database != verified.database:
        yield f"reaches another database of the server: what was verified is {where}"


def _as_whom(session: Session, wanted: Address, user: str) -> Iterator[str]:
    if user and session.reached.role != user:
        yield f"logs in as another role than {user}, which [environment] user names"
    if session.gave_password and not wanted.dsn.parameters.get("password"):
        yield "holds no password, and the server wants one"


def _notes(session: Session, verified: Reached, asked: Asked, user: str) -> Iterator[str]:
    if session.pooled and not asked.direct:
        yield "goes through a pooler"
    if not user and session.reached.role != verified.role:
        yield "logs in as another role than we, and [environment] user names none"


def _by_which_way(session: Session, wanted: Address, asked: Asked) -> Iterator[str]:
    if asked.direct and session.pooled:
        yield (
            "goes through a pooler, where no lock and no setting of a session is its own"
            "\n  hint: the server's own address"
        )
    if wanted.schema and not session.reached.has_schema:
        yield "names a schema that the database does not have"


def _told_otherwise(settings: Settings, key: str, dsn: Dsn) -> Iterator[str]:
    """Yield which file beside this one says something else that would be read instead, or too."""
    declared = settings.project.environment
    assert declared is not None, "planned only where it is declared"
    here = settings.target_name
    if key in _known(settings, f"{declared.files[here]}.local"):
        yield f"is in {declared.shown(here)}.local too, which programs read in its place"
    for other, file in declared.files.items():
        with contextlib.suppress(UsageError):  # told where that file is asked about
            elsewhere = file != declared.files[here]
            if elsewhere and _place(_address(settings, other, key).dsn) == _place(dsn):
                yield f"leads where that of {declared.shown(other)} leads"


def _read_first(settings: Settings, key: str) -> Iterator[str]:
    """Yield which file some programs read before this one, whatever environment it was meant for.

    No finding: it may be a developer's, and be nowhere near the application.
    """
    declared = settings.project.environment
    assert declared is not None, "planned only where it is declared"
    own = Path(declared.files[settings.target_name])
    other = own.with_name(".env.local")
    if own != other and key in _known(settings, str(other)):
        yield "is in .env.local too, which Next.js reads in its place"


def _known(settings: Settings, file: str) -> frozenset[str]:
    try:
        return dotenv.read(settings.path(file)).keys
    except UsageError:
        return frozenset()


def _place(dsn: Dsn) -> tuple[str, str, str]:
    given = dsn.parameters
    host = given.get("host") or given.get("hostaddr") or ""
    return host, given.get("port", _PORT), given.get("dbname", given.get("user", ""))


def _facts(session: Session, after: Side) -> dict[str, object]:
    """Return what the report keeps: whether each is the same, and never what the address says."""
    reached, verified = session.reached, after.info
    return {
        "the same server": reached.system_identifier == verified.system_identifier,
        "the same database": reached.database == verified.database,
        "through a pooler": session.pooled,
    }
