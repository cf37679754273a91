"""Where do the files of a run lie once they are staged, and what ends with the run?

A database is made for them on a scratch server.  It takes the place of the source in the plan, so
that every later step, and every gate, reads one that is a database like any other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from filelock import FileLock, Timeout
from psycopg import sql
from pydantic import TypeAdapter, ValidationError

from gatepost import database, embedded, names
from gatepost import dsn as dsns
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError, NotMigrated, SourceFault, UsageError
from gatepost.mapping import coverage, mapped, order, planned
from gatepost.run_file import SourceFile
from gatepost.schema import catalog
from gatepost.settings import Settings
from gatepost.staging import room, stage
from gatepost.staging.stage import Staged

from ..outcome import NoGo
from . import databases, files, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.staging.stage import Progress

    from ..migration import Migration
    from ..screen.terminal import Terminal

NOTE = "staging.json"
_LOCK = "staging.lock"
_DROP = sql.SQL("drop database if exists {} with (force)")
_DATA = "select setting from pg_catalog.pg_settings where name = 'data_directory'"


@dataclass(frozen=True)
class Staging:
    """A source of files that was staged.

    :param settings: of the files themselves: what is to be read again is read by these.
    :param server: on which it lies.
    :param unused: fields that no query takes, as the pre gate has judged them.
    """

    settings: Settings
    server: Dsn
    staged: Staged
    unused: frozenset[str]

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """What was read."""
        return tuple(
            SourceFile(one.name, one.file, one.bytes, one.sha256, one.records)
            for one in self.staged.collections
        )


@dataclass(frozen=True)
class Place:
    """Where a run has staged, for whoever finds what it could not take with it.

    :param database: empty until it is made.
    :param data: the folder of a server of ours; empty for a server that was given.
    :param secret: the file of its password; empty where it has none.
    """

    database: str = ""
    data: str = ""
    secret: str = ""


_PLACE = TypeAdapter(Place)


def first(run: Migration) -> Staging:
    """Stage the source, on a server that ends with the run or as it was found.

    :raises NoGo: a file, a query or a migration is not what it should be; nothing is left.
    """
    settings = run.plan.settings
    remove_left(settings, run.plan.work)
    run.held.enter_context(_noted(run.folder))
    server = run.held.enter_context(stage.server(settings))
    _note(run.folder, _place(settings, server))
    return _staged(run, settings, server)


def again(run: Migration, was: Staging) -> Staging:
    """Stage the source anew, in place of what was staged of it before.

    :raises NoGo: as `first`; or it has a field by now that goes nowhere, which no gate has seen.
    """
    _drop(was.server, was.staged.dsn.dbname)
    now = _staged(run, was.settings, was.server)
    if new := sorted(now.unused - was.unused):
        raise NoGo(
            f"written since the pre gate, and no query takes it: {', '.join(new)}",
            hint="use it in a query of [tables], or waive it under [source.collections]",
        )
    return now


def let_go(run: Migration) -> None:
    """End all that was held for it; the plan is that of the files again."""
    was, run.staging = run.staging, None
    run.held.close()
    if was is not None:
        run.plan = dataclasses.replace(run.plan, settings=was.settings, given_source="")


def progress(terminal: Terminal) -> Callable[[Progress], None]:
    """Return what shows how far staging has come, how fast, and how long it will take yet."""

    def tell(at: Progress) -> None:
        terminal.advance(at.bytes, at.bytes_in_all)

    return tell


def remove_left(settings: Settings, work: Path) -> int:
    """Remove what runs that were killed have staged and left, and return how many had.

    A server of ours has ended with its run; what was made on one that was given has not.

    :param work: the folder of all runs.
    """
    removed = 0
    for note in sorted(work.glob(f"*/{NOTE}")):
        with contextlib.suppress(Timeout, OSError), _owned(note.parent):  # while its run lives
            _remove(settings, _read(note))
            note.unlink()
            removed += 1
    return removed


def _staged(run: Migration, settings: Settings, server: Dsn) -> Staging:
    build = functools.partial(stage.build, settings)
    try:
        staged = stage.into(settings, server, progress(run.terminal), build)
        run.held.callback(_forget, server, staged.dsn.dbname)
        _refuse_circle(settings, staged)
    except (SourceFault, NotMigrated, UsageError) as fault:
        raise NoGo(fault.message, hint=fault.hint) from None
    _note(run.folder, dataclasses.replace(_place(settings, server), database=staged.dsn.dbname))
    made = run.staging = Staging(settings, server, staged, _unused(settings, staged))
    run.plan = dataclasses.replace(
        run.plan,
        settings=stage.settings_for(settings, staged),
        survey=survey.with_staged(run.plan.survey, staged.dsn),
        given_source=staged.dsn.raw,
    )
    files.write(made.files, run.folder)
    return made


def _refuse_circle(settings: Settings, staged: Staged) -> None:
    """Make sure that there is an order in which the tables can be loaded.

    :raises UsageError: a circle of foreign keys.
    """
    if settings.project.migrate.fill == "files":
        wanted = [
            names.relation(name) for name, rule in settings.project.tables.items() if rule.query
        ]
        with contextlib.closing(database.read_only(staged.dsn, label="stage")) as conn:
            order.by_foreign_keys(catalog.read(conn), wanted)


def _unused(settings: Settings, staged: Staged) -> frozenset[str]:
    with contextlib.closing(database.read_only(staged.dsn, label="stage")) as conn:
        found = mapped.read(conn)
    return frozenset(
        f"{one.name}.{field.path}"
        for one in found.collections
        if not (rules := planned.rules(settings, one.name)).unmapped
        for field in coverage.fields(found, one, rules)
        if not field.queries and not field.waived
    )


def _forget(server: Dsn, name: str) -> None:
    """Drop what was staged, if its server is there at all."""
    with contextlib.suppress(GatepostError, psycopg.Error):
        _drop(server, name)


def _drop(server: Dsn, name: str) -> None:
    there = databases.maintenance(server.of(name))
    with contextlib.closing(database.maintenance(there, label="stage")) as conn:
        conn.execute(_DROP.format(sql.Identifier(name)))


def _place(settings: Settings, server: Dsn) -> Place:
    secret = server.parameters.get("passfile", "")
    if settings.source.scratch:
        return Place(secret=secret)
    with contextlib.closing(database.read_only(server, label="stage")) as conn:
        return Place(data=str(database.value(conn, _DATA)), secret=secret)


@contextlib.contextmanager
def _noted(folder: Path) -> Iterator[None]:
    """Hold the lock of a run's note until the block ends, or we die; then nothing is noted."""
    with _owned(folder):
        try:
            yield
        finally:
            (folder / NOTE).unlink(missing_ok=True)


@contextlib.contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """Hold the lock of a run's note.

    :raises Timeout: somebody holds it.
    """
    with FileLock(folder / _LOCK, blocking=False):
        yield
    (folder / _LOCK).unlink(missing_ok=True)


def _note(folder: Path, place: Place) -> None:
    (folder / NOTE).write_bytes(_PLACE.dump_json(place) + b"\n")


def _read(note: Path) -> Place:
    """Return what was noted; of a note that was never finished nothing: its server was not used."""
    try:
        return _PLACE.validate_json(note.read_bytes())
    except ValidationError:
        return Place()


def _remove(settings: Settings, place: Place) -> None:
    if place.data:
        embedded.discard(Path(place.data))
    elif place.database and settings.source.scratch:
        _forget(dsns.parse(settings.source.scratch, of="source.scratch"), place.database)
    secret = Path(place.secret).parent
    if secret.name.startswith(room.SECRETS):
        shutil.rmtree(secret, ignore_errors=True)
