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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, embedded, tools
from gatepost import dsn as dsns
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError, NotRecorded, UsageError
from gatepost.migrations.files import forward
from gatepost.schema import catalog, programs
from gatepost.schema.catalog import Catalog
from gatepost.schema.programs import Program
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatepost.database import Connection
    from gatepost.settings import Settings
    from gatepost.side import Side

NOTHING = Catalog((), (), (), ())
# Milliseconds that pg_dump waits for a table that somebody alters.
_LOCK_WAIT = 10_000
# What pg_dump and pg_restore need not bother with: nothing of it is spelled by the server.
_SPARED = (
    *("--no-owner", "--no-privileges", "--no-tablespaces", "--no-comments", "--no-password"),
    *("--no-subscriptions", "--no-security-labels"),
)
# pg_restore quotes what the server refused; the first line names what was to be built.
_FAILED = re.compile(r"^Command was: (.+)$", re.MULTILINE)
# psql says where it stopped, and why.
_STOPPED = re.compile(r"^psql:.*?:(\d+): (?:ERROR|FATAL): +(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Built:
    """What a scratch database declared once all was built in it.

    :param catalog: empty where there is trouble.
    :param trouble: why nothing could be built or read; empty where all went well.
    :param refused: the trouble is what was to be built: a migration that fails.
    :param failed: the statements, to their first line's end, that failed while the rest did not.
    """

    catalog: Catalog = NOTHING
    trouble: str = ""
    refused: bool = False
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """A server on which databases of ours may be made.

    :param programs: a folder that has its psql, where it is known.
    :param ours: it ends with us, so that roles may be made on it, too.
    """

    major: int
    dsn: Dsn
    programs: Path | None
    ours: bool


class Scratch:
    """Builds what two sides, or the migrations, declare on a server at least as new as both."""

    def __init__(self, settings: Settings, before: Side, after: Side) -> None:
        self._settings = settings
        self._before = before
        self._after = after

    def rebuilt(self, side: Side) -> Built:
        """Return what a side declares, as the scratch server spells it.

        Only declarations are dumped, under the side's snapshot.  What the server cannot build, as
        what needs an extension that it has not, is not in the answer.

        Once per run; two seconds, and as much as it takes to dump and restore the declarations.
        """

        def build() -> Built:
            roles = _roles(side.connection)
            with tempfile.TemporaryDirectory(prefix="gatepost-") as folder, self._server() as found:
                archive = Path(folder) / "declarations.dump"
                if found.ours:
                    _make_roles(found, roles)
                return self._restored(found, side, archive)

        try:
            return self._once(side, f"{side.label} rebuilt", build)
        except NotRecorded:
            return Built(trouble=f"{side} is no server, and cannot be built anew")

    def migrated(self) -> Built:
        """Return what the project's migrations build in an empty database.  Once per run."""

        def build() -> Built:
            with self._server() as found, room(found) as made:
                refused = self._migrate(found, made)
                return Built(trouble=refused, refused=True) if refused else Built(_read(made))

        return self._once(self._after, "migrated", build)

    @contextlib.contextmanager
    def empty(self) -> Iterator[Dsn]:
        """Yield an empty database, which is dropped in the end.

        :raises UsageError: there is no server for it, or no database may be made on it.
        """
        with self._server() as found, room(found) as made:
            yield made

    def _once(self, side: Side, name: str, build: Callable[[], Built]) -> Built:
        """Return what is built once in a run; a failure is kept, as the next would wait for it."""

        def tried() -> Built:
            try:
                return build()
            except GatepostError as error:
                return Built(trouble=error.message.splitlines()[0])

        return side.store.once(name, Built, tried)

    @contextlib.contextmanager
    def _server(self) -> Iterator[Server]:
        """Yield a server at least as new as both sides: an archive goes into no older one.

        :raises UsageError: there is none.
        """
        wanted = max(major(self._before), major(self._after))
        url = self._settings.project.compare_schema.scratch
        if url:
            yield self._given(dsns.parse(url, of="[schema] scratch"), wanted)
            return
        known = sorted(embedded.majors())
        fit = [one for one in known if one >= wanted]
        if not fit:
            have = ", ".join(map(str, known)) or "none"
            raise UsageError(
                f"no scratch server of PostgreSQL {wanted} or later: the wheel has {have}"
            )
        with embedded.running(fit[0], durable=False) as server:
            yield Server(server.major, server.dsn(), server.bin, ours=True)

    def _given(self, address: Dsn, wanted: int) -> Server:
        with contextlib.closing(database.read_only(address, label="scratch")) as conn:
            ((version, identifier, _),) = database.rows(conn, question("identity"))
        for side in (self._before, self._after):
            if side.info.system_identifier == identifier:
                raise UsageError(
                    f"[schema] scratch is the server of {side.label}: nothing is ever built there"
                )
        if _major(version) < wanted:
            raise UsageError(
                f"[schema] scratch is PostgreSQL {version}, and the sides need {wanted} or later"
            )
        return Server(_major(version), address, None, ours=False)

    def _restored(self, server: Server, side: Side, archive: Path) -> Built:
        pg_bin = self._settings.project.migrate.pg_bin
        chosen = tools.choose(major(side), server.major, pg_bin)
        dump = (
            *(str(chosen.pg_dump), "-Fc", "--schema-only", *_SPARED, "-f", str(archive)),
            f"--lock-wait-timeout={_LOCK_WAIT}",
            *((f"--snapshot={side.snapshot}",) if side.snapshot else ()),
        )
        programs.check(Program(f"pg_dump of {side.label}", dump, side.dsn))
        with room(server) as made:
            # Without -e: what this server cannot build leaves the rest as it is.
            restore = (str(chosen.pg_restore), *_SPARED, "-d", made.dbname, str(archive))
            done = programs.run(Program("pg_restore", restore, made))
            return Built(_read(made), failed=tuple(_FAILED.findall(done.said)))

    def _migrate(self, server: Server, made: Dsn) -> str:
        """Run the project's migrations; return what one of them is refused for."""
        declared = self._settings.project.compare_schema
        if declared.build:
            build = declared.build
            argv = ("/bin/sh", "-c", build) if isinstance(build, str) else build
            folder = self._settings.folder
            done = programs.run(Program("[schema] build", argv, made, folder, url=True))
            return f"[schema] build: {done.told}" if done.status else ""
        psql = str(self._psql(server))
        folder = self._settings.path(declared.migrations)
        for file in files(folder):
            argv = (psql, "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", str(file))
            done = programs.run(Program("psql", argv, made))
            if done.status:
                found = _STOPPED.search(done.said)
                why = f", line {found[1]}: {found[2]}" if found else f": {done.told}"
                return f"{file.relative_to(folder.parent)}{why}"
        return ""

    def _psql(self, server: Server) -> Path:
        folders = [server.programs] if server.programs else []
        if not folders:
            known = tools.candidates(self._settings.project.migrate.pg_bin)
            folders = [one.folder for one in sorted(known, key=lambda one: -one.major)]
        found = next((folder / "psql" for folder in folders if (folder / "psql").is_file()), None)
        if found is None:
            raise UsageError("[schema] migrations: no psql to run them with")
        return found


@contextlib.contextmanager
def room(server: Server) -> Iterator[Dsn]:
    """Yield an empty database of our own, which is dropped in the end.

    :raises UsageError: the role that the project names may not make one.
    """
    name = f"gatepost_scratch_{secrets.token_hex(4)}"
    create = sql.SQL("create database {} template template0").format(sql.Identifier(name))
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    with contextlib.closing(database.maintenance(server.dsn, label="scratch")) as conn:
        try:
            conn.execute(create)
        except psycopg.Error as error:
            raise UsageError(
                f"[schema] scratch: no database can be made: {error.diag.message_primary}"
            ) from None
        try:
            yield server.dsn.of(name)
        finally:
            conn.execute(drop)


def files(folder: Path) -> tuple[Path, ...]:
    """Return the migrations of a folder in the order in which they are run: that of their names.

    Either `NAME/migration.sql`, as Prisma has it, or `NAME.sql` without the ways back.

    :raises UsageError: there is none.
    """
    found = sorted(folder.glob("*/migration.sql")) or [
        file for file in sorted(folder.glob("*.sql")) if forward(file.stem) == file.stem
    ]
    if not found:
        raise UsageError(
            f"[schema] migrations: neither NAME.sql nor NAME/migration.sql in {folder.name}"
        )
    return tuple(found)


def major(side: Side) -> int:
    """Return the major version of a side's server."""
    return _major(side.info.version)


def _major(version: str) -> int:
    return int(re.split(r"\D", version, maxsplit=1)[0])


def _roles(conn: Connection) -> list[str]:
    return [name for (name,) in database.rows(conn, question("scratch_roles"))]


def _make_roles(server: Server, names: Iterable[str]) -> None:
    """Make the roles that policies may name; they own nothing and may do nothing."""
    with contextlib.closing(database.maintenance(server.dsn, label="scratch")) as conn:
        there = set(_roles(conn))
        for name in names:
            if name not in there:
                conn.execute(sql.SQL("create role {}").format(sql.Identifier(name)))


def _read(made: Dsn) -> Catalog:
    with contextlib.closing(database.read_only(made, label="scratch")) as conn:
        return catalog.read(conn)
