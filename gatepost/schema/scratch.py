"""What does a server make of declarations that are built on it, to be read and thrown away?

Both sides may only be read.  What has to be built, to see how one server version spells it or what
a folder of migrations makes, is built in databases of our own: `gatepost.schema.room` says where.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import tools
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError, NotRecorded, UsageError
from gatepost.ledgers import tables
from gatepost.migrations import chain
from gatepost.names import relation
from gatepost.schema import building, programs
from gatepost.schema.building import Ran, Way
from gatepost.schema.catalog import Catalog
from gatepost.schema.programs import Program
from gatepost.schema.room import declared_in, major, make_roles, roles, room, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from gatepost.ledgers.standing import Standing
    from gatepost.migrations.chain import Chain
    from gatepost.schema.room import Server
    from gatepost.settings import Settings
    from gatepost.side import Side

NOTHING = Catalog((), (), (), ())
_NOBODY_TELLS = "nobody tells which of them ran"
# Milliseconds that pg_dump waits for a table that somebody alters.
_LOCK_WAIT = 10_000
# What pg_dump and pg_restore need not bother with: nothing of it is spelled by the server.
_SPARED = (
    *("--no-owner", "--no-privileges", "--no-tablespaces", "--no-comments", "--no-password"),
    *("--no-subscriptions", "--no-security-labels"),
)
# pg_restore quotes what the server refused; the first line names what was to be built.
_FAILED = re.compile(r"^Command was: (.+)$", re.MULTILINE)


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
class Chained:
    """What a chain of migrations builds on an empty database, as far as it ran and as a whole.

    Where the project does not say that its files build all of it, the pending ones are run on top
    of what the before side declares.

    :param applied: what those build of which the ledger says that they ran; None where no ledger
        tells, or one of them fails.
    :param whole: what those build together with what is pending; None where one of them fails.
    :param trouble: why not all was built; empty where all went well.
    :param refused: the trouble is a migration that fails: no database can be built from them.
    :param swallowed: what blocks were to add that swallow their errors, and did not; a line each.
    :param on_top: what the migrations before them build is not known.
    """

    applied: Catalog | None = None
    whole: Catalog | None = None
    trouble: str = ""
    refused: bool = False
    swallowed: tuple[str, ...] = ()
    on_top: bool = False


@dataclass(frozen=True)
class _Origin:
    """A database of which the declarations are taken."""

    dsn: Dsn
    major: int
    label: str
    snapshot: str = ""


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
            names = roles(side.connection)
            with self._server() as found, room(found) as made:
                if found.ours:
                    make_roles(found, names)
                failed = self._restore(found, made, _of_side(side))
                return Built(declared_in(made), failed=failed)

        try:
            return self._once(side, f"{side.label} rebuilt", build)
        except NotRecorded:
            return Built(trouble=f"{side} is no server, and cannot be built anew")

    def migrated(self) -> Built:
        """Return what the project's migrations build in an empty database.  Once per run."""

        def build() -> Built:
            with self._server() as found, room(found) as made:
                refused = self._migrate(found, made)
                return Built(trouble=refused, refused=True) if refused else Built(declared_in(made))

        return self._once(self._after, "migrated", build)

    def chained(self, standing: Standing | None, *, spelled_anew: bool = False) -> Chained:
        """Return what the migrations build that ran, and those with all that are pending.

        They are run in the order in which this database meets them and, where that is not the
        order of the folder, once more as an empty database would meet them.  Once per run.

        :param standing: which of them ran; None where nobody tells.
        :param spelled_anew: as they are spelled after a dump and a restore, as `rebuilt` has them.
        """
        on_top = not self._builds_all()

        def build() -> Chained:
            if standing is None:
                built = Built(trouble=_NOBODY_TELLS) if on_top else self.migrated()
                whole = None if built.trouble else built.catalog
                return Chained(None, whole, built.trouble, refused=built.refused, on_top=on_top)
            with self._server() as found:
                if found.ours:
                    make_roles(found, roles(self._after.connection))
                if on_top:
                    return self._on_top(found, standing)
                return self._chained(found, standing, spelled_anew=spelled_anew)

        def tried() -> Chained:
            try:
                return build()
            except GatepostError as error:
                return Chained(trouble=error.message.splitlines()[0], on_top=on_top)

        name = "chained, spelled anew" if spelled_anew else "chained"
        return self._after.store.once(name, Chained, tried)

    @contextlib.contextmanager
    def empty(self) -> Iterator[Dsn]:
        """Yield an empty database, which is dropped in the end.

        :raises UsageError: there is no server for it, or no database may be made on it.
        """
        with self._server() as found, room(found) as made:
            yield made

    def _server(self) -> AbstractContextManager[Server]:
        return server(self._settings, self._before, self._after)

    def _once(self, side: Side, name: str, build: Callable[[], Built]) -> Built:
        """Return what is built once in a run; a failure is kept, as the next would wait for it."""

        def tried() -> Built:
            try:
                return build()
            except GatepostError as error:
                return Built(trouble=error.message.splitlines()[0])

        return side.store.once(name, Built, tried)

    def _restore(self, there: Server, made: Dsn, of: _Origin) -> tuple[str, ...]:
        """Build what a database declares in another; return the statements that failed."""
        pg_bin = self._settings.project.migrate.pg_bin
        chosen = tools.choose(of.major, there.major, pg_bin)
        with tempfile.TemporaryDirectory(prefix="gatepost-") as folder:
            archive = str(Path(folder) / "declarations.dump")
            dump = (
                *(str(chosen.pg_dump), "-Fc", "--schema-only", *_SPARED, "-f", archive),
                f"--lock-wait-timeout={_LOCK_WAIT}",
                *((f"--snapshot={of.snapshot}",) if of.snapshot else ()),
            )
            programs.check(Program(f"pg_dump of {of.label}", dump, of.dsn))
            # Without -e: what this server cannot build leaves the rest as it is.
            restore = (str(chosen.pg_restore), *_SPARED, "-d", made.dbname, archive)
            done = programs.run(Program("pg_restore", restore, made))
            return tuple(_FAILED.findall(done.said))

    def _chained(self, there: Server, standing: Standing, *, spelled_anew: bool) -> Chained:
        files = self._chain()
        way, parts = self._way(there, files), (standing.applied, standing.pending)
        read = self._spelled_anew if spelled_anew else _as_it_is
        catalogs, ran = list[Catalog](), list[Ran]()
        with room(there) as made:
            for part in parts:
                ran.append(building.run(made, part, way))
                if ran[-1].stopped:
                    break
                catalogs.append(read(there, made))
        if (*parts[0], *parts[1]) != files.files and not ran[-1].stopped and not spelled_anew:
            with room(there) as made:
                ran.append(building.run(made, files.files, way))
        applied, whole = (*catalogs, None, None)[:2]
        stopped = ran[-1].stopped
        swallowed = tuple(dict.fromkeys(line for one in ran for line in one.swallowed))
        return Chained(applied, whole, stopped, refused=bool(stopped), swallowed=swallowed)

    def _on_top(self, there: Server, standing: Standing) -> Chained:
        way = self._way(there, self._chain())
        with room(there) as made:
            failed = self._restore(there, made, _of_side(self._before))
            applied = declared_in(made)
            ran = building.run(made, standing.pending, way)
            if ran.stopped:
                # Something may be missing that only this server could not build.
                return Chained(trouble=ran.stopped, refused=not failed, on_top=True)
            return Chained(applied, declared_in(made), swallowed=ran.swallowed, on_top=True)

    def _spelled_anew(self, there: Server, origin: Dsn) -> Catalog:
        with room(there) as made:
            self._restore(there, made, _Origin(origin, there.major, "what the migrations build"))
            return declared_in(made)

    def _builds_all(self) -> bool:
        """Whether the project says of its migrations that they build the database from nothing."""
        said = self._settings.project.compare_schema
        return bool(said.migrations or said.build) or self._chain().layout == "prisma"

    def _migrate(self, there: Server, made: Dsn) -> str:
        """Run the project's migrations; return what one of them is refused for."""
        build = self._settings.project.compare_schema.build
        if build:
            argv = ("/bin/sh", "-c", build) if isinstance(build, str) else build
            folder = self._settings.folder
            done = programs.run(Program("[schema] build", argv, made, folder, url=True))
            return f"[schema] build: {done.told}" if done.status else ""
        found = self._chain()
        return building.run(made, found.files, self._way(there, found)).stopped

    def _chain(self) -> Chain:
        declared = self._settings.project.compare_schema.migrations
        folder = self._settings.path(declared) if declared else self._settings.migrations
        assert folder is not None  # it is asked about
        found = chain.of(folder)
        if not found.files:
            raise UsageError(
                f"[schema] migrations: neither NAME.sql nor NAME/migration.sql in {folder.name}"
            )
        return found

    def _way(self, there: Server, files: Chain) -> Way:
        """Return how the files of a chain are run, and into which schema Prisma's lead."""
        if files.layout == "plain":
            return Way(files.layout, psql=self._psql(there))
        ledgers = tables.declared(self._settings, self._after.catalog)
        found = next((one.table for one in ledgers if one.kind == "prisma"), "")
        return Way(files.layout, relation(found).schema) if found else Way(files.layout)

    def _psql(self, there: Server) -> Path:
        folders = [there.programs] if there.programs else []
        if not folders:
            known = tools.candidates(self._settings.project.migrate.pg_bin)
            folders = [one.folder for one in sorted(known, key=lambda one: -one.major)]
        found = next((folder / "psql" for folder in folders if (folder / "psql").is_file()), None)
        if found is None:
            raise UsageError("[schema] migrations: no psql to run them with")
        return found


def _of_side(side: Side) -> _Origin:
    return _Origin(side.dsn, major(side), side.label, side.snapshot)


def _as_it_is(_: Server, made: Dsn) -> Catalog:
    return declared_in(made)
