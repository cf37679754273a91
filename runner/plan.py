"""What will this run do, to what, with which programs?  Known whole before anything is done."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from gatepost import dsn as dsns
from gatepost import project_file, tools
from gatepost.errors import UsageError
from gatepost.migrations import files as migrations
from gatepost.migrations import prisma, prisma_project, prisma_url
from gatepost.origin import is_staged_source
from gatepost.settings import Settings
from gatepost.tools import Tools
from gatepost.verdict import SideInfo

from . import steps
from .exercise import delivering
from .programs import chains, hooks, watchman
from .servers import fence, files, labels, survey
from .servers.survey import Survey

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.dsn import Dsn


@dataclass(frozen=True)
class Plan:
    """All that is known before the run begins.

    :param given_target: as the user gave it: a name, or a URL that may hold a password.
    :param given_source: a URL; empty where the project's own counts.
    :param rehearsal: the target is a scratch server's; the source is only read.
    :param forgotten: pending migrations that no phase names, where one is run.
    """

    settings: Settings
    survey: Survey
    tools: Tools
    names: labels.Names
    given_target: str
    given_source: str
    rehearsal: bool = False
    forgotten: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """How a child process is told which project and target; nothing secret is among it."""
        project = f"--project={self.settings.folder}"
        if dsns.is_url(self.given_target):
            return (project,)
        return (project, f"--target={self.given_target}")

    @property
    def environment(self) -> dict[str, str]:
        """How a child process is told addresses: a command line can be read by everybody."""
        told = {"GATEPOST_SOURCE": self.given_source}
        if dsns.is_url(self.given_target):
            told["GATEPOST_TARGET"] = self.given_target
        return {key: value for key, value in told.items() if value}

    @property
    def from_files(self) -> bool:
        """Whether the source is files, or another kind of database: staged, or to be staged."""
        return self.settings.staged or self.settings.to_be_staged

    @property
    def like(self) -> str:
        """What the new database is made like, in words: files have no encoding and no owner."""
        if not self.from_files:
            return self.survey.origin.name
        return self.names.live if self.survey.old else "any new one on its server"

    @property
    def by_dump(self) -> bool:
        """Whether what is filled begins as a copy of the source."""
        fill = self.settings.project.migrate.fill
        migrated = fill in ("sql", "prisma") and not self.settings.in_place
        return fill == "dump-restore" or migrated

    @property
    def work(self) -> Path:
        """The folder of all runs of this project."""
        return self.settings.path(self.settings.project.migrate.work)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be in no file and on no screen."""
        settings = self.settings
        given = [dsn.parameters.get("password", "") for dsn in settings.addresses]
        for source in (settings.source, settings.project.source):
            if is_staged_source(source.url):
                given.append(unquote(urlsplit(source.url).password or ""))
            if source.scratch:
                scratch = dsns.parse(source.scratch, of="source.scratch")
                given.append(scratch.parameters.get("password", ""))
        return tuple(dict.fromkeys(secret for secret in given if secret))

    def before(self, snapshot: str = "") -> SideInfo:
        """Return what the head of a report says of the source."""
        there = self.survey
        server = "files" if self.from_files else _address(self.settings.before)
        return SideInfo(
            server=server,
            database=there.origin.name,
            version=there.source.version,
            system_identifier=there.source.system_identifier,
            snapshot=snapshot,
        )

    def after(self) -> SideInfo:
        """Return what the head of a report says of the target."""
        return SideInfo(
            server=_address(self.settings.after),
            database=self.survey.live,
            version=self.survey.target.version,
            system_identifier=self.survey.target.system_identifier,
        )


def make(folder: Path, target: str, source: str, phase: str = "") -> Plan:
    """Return the plan, or say why there can be none.  It reads, and writes nothing.

    :param phase: of `[migrate.phases]`, the one that is run; empty where none are declared.
    :raises UsageError: an option, a key, a program or a database is wrong.
    :raises CannotConnect: a server cannot be reached, or refuses us.
    :raises NotReadable: our role on the source lacks a right.
    """
    settings = project_file.load(folder, target, source, phase=phase)
    _refuse_settings(settings)
    _refuse_service(settings)
    there = survey.look(settings)
    survey.refuse(there)
    programs = tools.choose(there.source.major, there.target.major, settings.project.migrate.pg_bin)
    return Plan(
        settings=settings,
        survey=there,
        tools=programs,
        names=labels.Names(there.live, labels.PLACEHOLDER),
        given_target=target,
        given_source=source,
        forgotten=chains.forgotten(settings),
    )


def _refuse_service(settings: Settings) -> None:
    """Refuse a service that only the environment names.

    libpq believes its file before the variables by which pg_dump is told where to go, and after
    the address that our own sessions use: the two could be in different databases.
    """
    named = os.environ.get("PGSERVICE", "")
    if named and any("service" not in one.parameters for one in settings.addresses):
        raise UsageError(
            f"PGSERVICE is '{named}', and an address that names no service could be left for it",
            hint=f'unset PGSERVICE, or give url = "service={named}"',
        )


def _refuse_settings(settings: Settings) -> None:
    declared = settings.project.migrate
    names = [step.name for step in steps.ALL]
    hooks.refuse(declared.hooks, names)
    watchman.refuse(declared.deadlines, names)
    if declared.stop and not declared.start:
        raise UsageError(
            "migrate.stop without migrate.start: what is stopped could not be started again",
            hint="add start under [migrate]",
        )
    if declared.fill != "prisma" and (declared.fill == "command") != bool(declared.command):
        raise UsageError(
            f"migrate.fill is '{declared.fill}', and a command is "
            + ("declared" if declared.command else "not declared"),
            hint='fill = "command" and command = "…" under [migrate] go together',
        )
    _refuse_fill(settings)
    chains.refuse_phase(settings)
    delivering.refuse(settings.project.deliveries)
    if settings.in_place:
        _refuse_in_place(settings)


def _refuse_fill(settings: Settings) -> None:
    """Make sure that the fill is one for this kind of source."""
    fill = settings.project.migrate.fill
    if settings.project.migrate.migrates:
        _refuse_migrations(settings, fill)
    if not settings.to_be_staged:
        if fill == "files":
            raise UsageError(
                "migrate.fill is 'files', and the source is a PostgreSQL database",
                hint='url = "file:FOLDER" under [source], or fill = "dump-restore"',
            )
        return
    if fill not in ("files", "command"):
        raise UsageError(
            f"migrate.fill is '{fill}', and the source is {files.called(settings)}",
            hint='fill = "files" under [migrate]; or "command", if the project loads them itself',
        )
    if fence.is_declared(settings.project.fence):
        raise UsageError(
            "[fence] keeps sessions out of a source, and files have none",
            hint="leave it out: the stop hook keeps writers away, and files are hashed after it",
        )
    if fill == "files" and not any(rule.query for rule in settings.project.tables.values()):
        raise UsageError(
            "migrate.fill is 'files', and no query says what a table is to hold",
            hint='from = "sql/users.sql" under [tables."public.users"]',
        )


def _refuse_migrations(settings: Settings, fill: str) -> None:
    if settings.migrations is None:
        raise UsageError(
            f"migrate.fill is '{fill}', and no folder of migrations is named",
            hint='migrations = "FOLDER" under [migrate]',
        )
    if fill == "prisma":
        prisma.read(settings.migrations)
        if settings.project.migrate.command:
            prisma_project.variables(settings.folder, settings.migrations)
            prisma_url.refuse(settings.after)
    else:
        migrations.read(settings.migrations)


def _refuse_in_place(settings: Settings) -> None:
    declared, whose = settings.project.migrate, f"target '{settings.target_name}'"
    if declared.fill not in ("command", "sql", "prisma"):
        raise UsageError(
            f"{whose}: in-place changes a database by a command or by migrations, and fill is"
            f" '{declared.fill}'",
            hint='fill = "sql", "prisma" or "command" under [migrate], or strategy = "swap"',
        )
    if declared.filled:
        raise UsageError(
            "migrate.filled is called on a database that was filled, and in-place fills none",
            hint="let the command do it",
        )
    if not fence.demands_quiet(settings.project):
        raise UsageError(
            f"{whose}: in-place changes what is live, and nothing is declared that keeps writers"
            " out: what they write meanwhile a rollback would lose",
            hint="stop and start under [migrate], or [fence]",
        )


def _address(dsn: Dsn) -> str:
    given = dsn.parameters
    host = given.get("host") or given.get("hostaddr") or given.get("service") or "local"
    return f"{host}:{given.get('port', '5432')}"
