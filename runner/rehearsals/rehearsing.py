"""Where is a migration rehearsed?  On a server that stands in for the target's.

The source is only read.  What stands in for the target's own database is made here and dropped in
the end, so that the swap and its way back have something to do.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from filelock import FileLock, Timeout
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gatepost import database, embedded, tools
from gatepost import dsn as dsns
from gatepost.errors import UsageError
from gatepost.schema import programs
from gatepost.schema.programs import Program
from gatepost.sql import question

from ..programs import children
from ..programs.children import Command
from ..servers import carry, databases, labels, survey
from . import rehearsal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

    from ..plan import Plan

_ROLE = "rehearsal"
_NOTE = ".server-"
_ELSEWHERE = "give one that has what the target's has: --server=URL"


@contextlib.contextmanager
def on_scratch(plan: Plan, server: str) -> Iterator[Plan]:
    """Yield the plan with a scratch server in place of the target's; what it made is dropped.

    :param server: its URL; empty for one of our own that ends with the block.
    :raises UsageError: it cannot stand in for the target's.
    """
    with contextlib.ExitStack() as held:
        given = dsns.parse(server, of="--server") if server else held.enter_context(own(plan))
        there = databases.maintenance(given.of(plan.names.live))
        conn = held.enter_context(contextlib.closing(database.maintenance(there, label=_ROLE)))
        if server:
            _refuse(plan, conn)
        before = databases.beside(conn, plan.names.live)
        held.callback(drop, conn, plan.names.live, spared=frozenset(before))
        _make(plan, conn)
        if plan.settings.of_itself:
            _copy(plan, given.of(plan.names.live))
        yield _there(plan, given.of(plan.names.live))


def server_of(plan: Plan, server: str) -> str:
    """Return in words where it would be."""
    if server:
        return f"{dsns.parse(server, of='--server')}"
    return f"a PostgreSQL {_major(plan)} server of our own, which ends with the rehearsal"


def _major(plan: Plan) -> int:
    """Return the version of our own server: the target's where there is one, else the newest."""
    known, needed = embedded.majors(), plan.survey.source.major
    if plan.survey.target.major in known:
        return plan.survey.target.major
    newest = max(known, default=0)
    if newest < needed:
        raise UsageError(
            f"no server of our own is at least PostgreSQL {needed}, as the source is",
            hint="pip install 'gatepost[embedded]', or --server=URL",
        )
    return newest


@contextlib.contextmanager
def own(plan: Plan, *, durable: bool = True) -> Iterator[Dsn]:
    """Yield a server of our own that has the source's roles, and ends with the block.

    :param durable: False where nobody wants to know how long it takes on a real one.
    :raises UsageError: there is none that is new enough.
    """
    with (
        _noted(plan.work / rehearsal.FOLDER) as note,
        embedded.running(_major(plan), durable=durable) as server,
    ):
        note.write_text(str(server.folder), encoding="utf-8")
        _take_roles(plan, server)
        yield server.dsn()


@contextlib.contextmanager
def _noted(folder: Path) -> Iterator[Path]:
    """Yield a file to note in where our own server lies, and end those whose owners have died.

    A server outlives whoever started it and was killed outright, and there is data in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_NOTE}*.txt"):
        with contextlib.suppress(Timeout), _owned(left):  # it is held while its owner lives
            embedded.discard(Path(left.read_text(encoding="utf-8")))
            left.unlink()
    note = folder / f"{_NOTE}{secrets.token_hex(4)}.txt"
    with _owned(note):
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


@contextlib.contextmanager
def _owned(note: Path) -> Iterator[None]:
    """Hold the lock of a note until the block ends, or we die.

    :raises Timeout: somebody holds it.
    """
    lock = FileLock(note.with_suffix(".lock"), blocking=False)
    with lock:
        yield
    if not note.exists():
        note.with_suffix(".lock").unlink(missing_ok=True)


def _take_roles(plan: Plan, server: embedded.Server) -> None:
    """Give our own server the source's roles: an archive speaks of them and does not hold them.

    Files have none: what the migrations speak of is on the target's server.
    """
    settings, there = plan.settings, server.dsn()
    source = plan.survey.target if plan.from_files else plan.survey.source
    where = plan.survey.maintenance if plan.from_files else settings.before
    # Who may not read passwords does not compare them either.
    spared = () if source.superuser else ("--no-role-passwords",)
    with (
        tempfile.TemporaryDirectory(prefix="gatepost-") as folder,
        contextlib.closing(database.maintenance(there, label=_ROLE)) as conn,
    ):
        script = Path(folder) / "roles.sql"
        dumpall = str(plan.tools.pg_dump.with_name("pg_dumpall"))
        name = where.dbname if plan.from_files else plan.survey.origin.name
        wanted = ("--roles-only", "--no-password", f"--database={name}")
        argv = (dumpall, *wanted, *spared, f"--file={script}")
        programs.check(Program("pg_dumpall", argv, where))
        # Without a stop at the first error: our own superuser, whom both have, is there already.
        psql = (str(server.bin / "psql"), "-X", "-q", "-w", "-f", str(script))
        programs.run(Program("psql", psql, there))
        ours = sql.SQL(
            "alter role {} login connection limit -1 valid until 'infinity' password {}"
        ).format(sql.Identifier("postgres"), sql.Literal(server.password))
        conn.execute(ours)


def _refuse(plan: Plan, conn: Connection) -> None:
    """Make sure that a server that was given is nobody's who is to be spared."""
    ((_, identifier, _),) = database.rows(conn, question("identity"))
    for side, one in (("source", plan.survey.source), ("target", plan.survey.target)):
        if one.system_identifier == identifier:
            raise UsageError(
                f"--server is the server of the {side}: nothing is rehearsed there",
                hint="leave it out, or give another",
            )
    live = plan.names.live
    there = databases.named(conn, live)
    if there is None:
        return
    mark = labels.read(there.comment)
    if mark is None or mark.role != _ROLE:
        raise UsageError(
            f"--server has a database {live} already, and no rehearsal made it",
            hint=f'if nobody needs it: drop database "{live}"',
        )
    # It was killed; what it had begun beside this one says so itself.
    drop(conn, live, spared=frozenset())


def drop(conn: Connection, live: str, spared: frozenset[str]) -> None:
    """Drop the databases that runs made beside ``live``, that one among them.

    :param spared: names of databases that were there before.
    """
    for one in databases.beside(conn, live).values():
        is_ours = labels.read(one.comment) is not None or labels.of_a_run(one.name, live)
        if labels.is_of_live(one.name, live) and is_ours and one.name not in spared:
            drop = sql.SQL("drop database {} with (force)")
            conn.execute(drop.format(sql.Identifier(one.name)))


def _make(plan: Plan, conn: Connection) -> None:
    """Make what stands in for the target's own database: like the source, and empty."""
    origin, live = plan.survey.origin, plan.names.live
    names = labels.Names(live, labels.new(dt.datetime.now(dt.UTC)))
    try:
        databases.create(conn, names, live, role=_ROLE, like=origin, owner=origin.owner)
        if (had := _belongings(plan)) is not None:
            carry.give(conn, live, had)
    except psycopg.Error as error:
        raise UsageError(
            f"the scratch server cannot have a database like {origin.name}:"
            f" {error.diag.message_primary}",
            hint=_ELSEWHERE,
        ) from None


def _belongings(plan: Plan) -> carry.Belongings | None:
    """Return what the source's database has; the old one's where the source is files."""
    like = plan.survey.old if plan.from_files else plan.survey.origin
    if like is None:
        return None
    where = plan.survey.maintenance if plan.from_files else plan.settings.before
    with contextlib.closing(database.read_only(where, label=_ROLE)) as conn:
        return carry.read(conn, like.name, like.connection_limit)


def _copy(plan: Plan, there: Dsn) -> None:
    """Copy the live database to where it is to be changed.

    :raises ToolFailed: the archive could not be made, or not be restored without a complaint.
    """
    work = plan.work / rehearsal.FOLDER
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=work) as name:
        folder = Path(name)
        archive = folder / "live.dump"
        dump = (str(plan.tools.pg_dump), "--format=custom", "--no-password", f"--file={archive}")
        _do("pg_dump", dump, folder, plan.settings.before)
        jobs = f"--jobs={plan.settings.project.migrate.jobs}"
        restore = (str(plan.tools.pg_restore), "-e", jobs, "--no-password")
        where = f"--dbname={make_conninfo(dbname=there.dbname)}"
        _do("pg_restore", (*restore, where, str(archive)), folder, there)


def _do(name: str, argv: tuple[str, ...], folder: Path, server: Dsn) -> None:
    environment = {**server.environment(), "LC_ALL": "C"}
    said, errors = folder / f"{name}.txt", folder / f"{name}.errors.txt"
    command = Command(name, argv, said, errors, environment)
    (status,) = children.run(command)
    children.check(command, status, silent=True)


def _there(plan: Plan, target: Dsn) -> Plan:
    settings = _settings(plan.settings, target)
    found = survey.look(settings)
    survey.refuse(found)
    declared = settings.project.migrate
    return dataclasses.replace(
        plan,
        settings=settings,
        survey=found,
        tools=tools.choose(found.source.major, found.target.major, declared.pg_bin),
        given_target=target.raw,
        given_source=target.raw if settings.of_itself else plan.given_source,
        rehearsal=True,
    )


def _settings(real: Settings, target: Dsn) -> Settings:
    """Return the settings with another target, without its application and its hooks."""
    declared = real.project.migrate
    quiet = {"stop": (), "start": (), "status": ()}
    work = f"{declared.work}/{rehearsal.FOLDER}"
    migrate = declared.model_copy(update={**quiet, "work": work})
    source = {"url": target.raw} if real.of_itself else {}
    return real.model_copy(
        update={
            "source": real.source.model_copy(update=source),
            "project": real.project.model_copy(update={"migrate": migrate}),
            "target": real.target.model_copy(update={"url": target.raw, "app": "", "media": ()}),
        }
    )
