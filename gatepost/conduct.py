"""What did the project declare about how a migration is carried out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import Field, model_validator

from gatepost.record import Command, Record, Seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

Phase = Literal["expand", "migrate", "contract"]
PHASES: tuple[Phase, ...] = get_args(Phase)

# Where those that ran are recorded, by how the target is filled.
_LEDGERS = {"prisma": "public._prisma_migrations"}
_LEDGER = "public.gatepost_migrations"


def _ledger(given: Mapping[str, Any]) -> str:
    return _LEDGERS.get(given.get("fill", ""), _LEDGER)


class Phases(Record):
    """The migrations of a change that is made in three releases, each a gated run of its own.

    :param expand: what adds, and disturbs nobody who does not know it yet.
    :param migrate: what fills it.
    :param contract: what takes away whatever nobody uses any more.
    """

    expand: tuple[str, ...] = ()
    migrate: tuple[str, ...] = ()
    contract: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Phases:
        """Make sure that each migration is of one phase."""
        named = self.names
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"{twice[0]} is named twice")
        return self

    def of(self, phase: Phase) -> tuple[str, ...]:
        """Return the migrations of one phase."""
        named: tuple[str, ...] = getattr(self, phase)
        return named

    @property
    def names(self) -> tuple[str, ...]:
        """The migrations of all of them."""
        return tuple(name for phase in PHASES for name in self.of(phase))


class Migrate(Record):
    """How the target is filled, and what is told to the application meanwhile.

    :param fill: `dump-restore` of a PostgreSQL source; a `command` of the project's; `sql`, the
        migrations alone; `files`, migrations that make the tables, and a query for each of them;
        `prisma`, the migrations of a Prisma project.
    :param migrations: the folder of the migrations; that of `[schema]` if empty.
    :param ledger: the table in which those that ran are recorded.
    :param command: what fills it, for `fill = "command"`: told by PG* variables and DATABASE_URL
        what to change, by GATEPOST_SOURCE_* where the data is.  What deploys, for
        `fill = "prisma"`; where it is empty, the same files are run by us.
    :param phases: which migrations are run by which of three runs; all by one if not said.
    :param retries: how often the command is tried again, in place, after it waited in vain for a
        lock.
    :param format: of the archive: one file, or a directory that several jobs write at once; `auto`
        is the directory where there are several large tables, and cores for them.
    :param compress: the level of gzip, 0 for none.  What a higher one saves on the disk it costs in
        the window: at pg_dump's own default, 6, most of a dump's time is gzip's.
    :param deadlines: by the name of a step, in what time it must be done; none if not said.
    :param hooks: more commands, by when they are called: `before restore`, `after swap`.
    :param keep_days: how long the old database is to be kept, as its comment will say.
    """

    fill: Literal["dump-restore", "command", "files", "sql", "prisma"] = "dump-restore"
    migrations: str = ""
    ledger: str = Field(default_factory=_ledger, pattern=r"^[^.]+\.[^.]+$")
    phases: Phases = Phases()
    command: Command = ()
    command_timeout: Seconds = 3600.0
    retries: int = Field(default=3, ge=0, le=100)
    format: Literal["auto", "custom", "directory"] = "auto"
    compress: int = Field(default=1, ge=0, le=9)
    jobs: int = Field(default=2, ge=1, le=64)
    pg_bin: str = ""
    stop: Command = ()
    start: Command = ()
    status: Command = ()
    filled: Command = ()
    hooks: dict[str, Command] = Field(default_factory=dict)
    hook_timeout: Seconds = 120.0
    lock_timeout: Seconds = 10.0
    swap_timeout: Seconds = 30.0
    deadlines: dict[str, Seconds] = Field(default_factory=dict)
    keep_days: int = Field(default=30, ge=1)
    work: str = "gatepost-runs"

    @property
    def runs_migrations(self) -> bool:
        """Whether files of SQL are run by us, and recorded in a ledger of our own."""
        return self.fill in ("sql", "files")

    @property
    def migrates(self) -> bool:
        """Whether files of migrations are run, by us or by the project's own command."""
        return self.runs_migrations or self.fill == "prisma"


class Fence(Record):
    """What keeps others out of the source once the application was stopped; no more than this.

    :param roles: that may not log in to the source's server meanwhile: ALTER ROLE … NOLOGIN.
    :param connect: from whom the right to connect to the source's database is taken; `public` is
        everybody who was not granted it by name.
    :param terminate: end the sessions of others in that database.
    :param allow: roles whose sessions may stay, since they only look.
    :param timeout: in which all others must have gone.
    """

    roles: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    terminate: bool = False
    allow: tuple[str, ...] = ()
    timeout: Seconds = 10.0


class Prober(Record):
    """How a run is looked at from outside, by a process that sees what users see.

    :param every: from one look to the next.
    :param timeout: what does not answer within it counts as down.
    :param table: where canaries are written, rows of an ``id`` (text or uuid, unique) and ``at``
        (timestamptz); none are where it is empty.
    :param source: the address by which the application logs in to the source; the runner's own
        where it is empty, which no fence keeps out.
    :param target: the same of the target.
    :param health: the path that is asked; the first of `[[health]]` where it is empty.
    """

    every: Seconds = Field(default=0.5, gt=0)
    timeout: Seconds = Field(default=2.0, gt=0)
    table: str = Field(default="", pattern=r"^(|[^.]+\.[^.]+)$")
    source: str = Field(default="", repr=False)
    target: str = Field(default="", repr=False)
    health: str = ""


class Watch(Record):
    """When a release that was a GO is in trouble after all, and what is done then.

    :param lasts: how long it is watched.
    :param every: from one look to the next.
    :param timeout: what one answer may take.
    :param health_failures: so many in a row are trouble.
    :param window: over which requests are counted.
    :param error_rate: the share of answers of 500 and above that is trouble.
    :param requests: below so many in a window no share is told.
    :param log: an access log: common or combined, `key=value`, or JSON lines.
    :param metrics: a page of counters in the text form of Prometheus.
    :param counter: all requests there: a name, with labels in braces where it needs them.
    :param errors: those that failed, likewise.
    :param connections: the share of max_connections in use that is trouble.
    :param lock_wait: a session that waits longer than this for a lock is trouble.
    :param database_failures: so many looks in a row with trouble of the database.
    :param action: what is done; a rollback is refused once the new database has taken writes, and
        then it is notified.
    :param notify: a hook, told GATEPOST_REASON.
    """

    lasts: Seconds = Field(default=1800.0, gt=0)
    every: Seconds = Field(default=5.0, gt=0)
    timeout: Seconds = Field(default=5.0, gt=0)
    health_failures: int = Field(default=3, ge=1)
    window: Seconds = Field(default=60.0, gt=0)
    error_rate: float = Field(default=0.05, gt=0, le=1)
    requests: int = Field(default=20, ge=1)
    log: str = ""
    metrics: str = ""
    counter: str = "http_requests_total"
    errors: str = 'http_requests_total{status=~"5.*"}'
    connections: float = Field(default=0.9, gt=0, le=1)
    lock_wait: Seconds = Field(default=30.0, gt=0)
    database_failures: int = Field(default=3, ge=1)
    action: Literal["notify", "rollback"] = "notify"
    notify: Command = ()
