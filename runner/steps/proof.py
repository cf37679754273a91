"""The step that proves the programs before anything is stopped."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

from psycopg.conninfo import make_conninfo

from gatepost import tools
from gatepost.errors import ToolFailed

from ..outcome import NoGo
from ..programs import archive, children
from ..programs.children import Command
from ..servers import carry, databases
from .step import Step

if TYPE_CHECKING:
    from gatepost.tools import Tools

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

_PATIENCE = 900.0  # seconds: declarations that take longer wait for something


class Proof(Step):
    """Dumps the declarations of the source, and restores them into a scratch database.

    Versions alone do not say which pg_dump is right: one that is newer, or another build of the
    same, may write what the target refuses, and a refused CREATE TABLE takes its rows with it.
    What is missing on the target's server, a role or a library, is seen here as well.
    """

    name: ClassVar[str] = "restore drill"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether anything will be dumped and restored."""
        return plan.by_dump

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"restore the declarations of {plan.survey.origin.name} into {plan.names.drill},"
            f" by pg_dump {plan.tools.version} and pg_restore {plan.tools.restore_version}"
            " or whichever else does it; drop it"
        )

    def do(self, run: Migration) -> str:
        """Try one pair of programs after the other; the first that can do it is the run's.

        :raises NoGo: none can; what the first, which should, was refused for.
        """
        there, declared = run.plan.survey, run.plan.settings.project.migrate
        refused: list[str] = []
        for pair in tools.fitting(there.source.major, there.target.major, declared.pg_bin):
            try:
                _try(run, pair)
            except ToolFailed as error:
                refused.append(error.message)
                continue
            run.plan = dataclasses.replace(run.plan, tools=pair)
            instead = f"; not those that came first: {refused[0]}" if refused else ""
            return f"pg_dump {pair.version}, pg_restore {pair.restore_version} do{instead}"
        raise NoGo(
            f"the declarations cannot be restored: {refused[0]}",
            hint=f"mend what is named, or name other programs as pg_bin under [migrate];"
            f" tried: {len(refused)}",
        )

    def found(self, run: Migration) -> bool:
        """Whether the scratch database is there."""
        beside = databases.beside(run.connection, run.names.live)
        return run.names.new in beside or run.names.drill in beside

    def undo(self, run: Migration) -> str:
        """Drop it."""
        for name in (run.names.new, run.names.drill):
            databases.drop_ours(run.connection, name, run.label)
        return "scratch database dropped"


def _try(run: Migration, pair: Tools) -> None:
    file, names, there = run.folder / "declarations.dump", run.names, run.plan.survey
    owner = carry.owner(run.connection, there, run.plan.settings.project.privileges.roles)
    _do(_dump_command(run, pair, file.name))
    databases.create(
        run.connection, names, names.drill, role="drill", like=there.origin, owner=owner
    )
    try:
        _do(_restore_command(run, pair, file.name))
    finally:
        databases.drop_ours(run.connection, names.drill, names.label)
    file.unlink()


def _do(command: Command) -> None:
    (status,) = children.run(command, timeout=_PATIENCE)
    children.check(command, status, silent=True)


def _dump_command(run: Migration, pair: Tools, file: str) -> Command:
    settings = run.plan.settings
    wait = round(settings.project.migrate.lock_timeout * 1000)
    argv = (str(pair.pg_dump), "--format=custom", "--schema-only", "--no-password")
    return Command(
        "pg_dump of the declarations",
        (*argv, f"--lock-wait-timeout={wait}", f"--file={run.folder / file}"),
        run.folder / "drill.dump.txt",
        run.folder / "drill.dump.errors.txt",
        archive.client_environment(run, settings.before, "drill"),
    )


def _restore_command(run: Migration, pair: Tools, file: str) -> Command:
    drill = run.plan.settings.after.of(run.names.drill)
    argv = (str(pair.pg_restore), "--exit-on-error", "--no-password")
    return Command(
        "pg_restore of the declarations",
        (
            *argv,
            f"--dbname={make_conninfo(dbname=run.names.drill, **drill.noticing)}",
            str(run.folder / file),
        ),
        run.folder / "drill.txt",
        run.folder / "drill.errors.txt",
        archive.client_environment(run, drill, "drill"),
    )
