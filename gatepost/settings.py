"""What did the project declare?  Frozen records, checked whole; no connection is made here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from gatepost import dsn as dsns
from gatepost.additions.declared import Dropped, Expectation, Renamed
from gatepost.conduct import Fence, Migrate, Phase, Prober, Watch
from gatepost.environments.declared import Environment
from gatepost.equivalence import Equivalence
from gatepost.errors import UsageError
from gatepost.exercises import Deliveries, Probes, Queries, Uploads
from gatepost.ledgers.declared import Ledger
from gatepost.linting.declared import Lint
from gatepost.mapping.declared import Counter, Reference
from gatepost.origin import Export, Source, is_staged_source
from gatepost.promotion.declared import Promote
from gatepost.record import Record, Seconds
from gatepost.schema.declared import Privileges, Schema
from gatepost.served import Endpoint, Health, MediaColumn, Page
from gatepost.waivers import Waiver

GATES = ("pre", "data", "app", "post")

Gate = Literal["pre", "data", "app", "post"]
Priority = Literal["critical", "important", "optional"]


class Target(Record):
    """An environment the data goes to."""

    url: str = Field(repr=False)
    app: str = ""
    media: tuple[str, ...] = ()
    strategy: Literal["swap", "in-place"] = "swap"


class Limits(Record):
    """What the release can afford.  Of seconds, 0 stands for no limit.

    :param lock: how long migrations in place may hold a lock on a table that others wait for.
    :param queries: what the application's statements may take on average.
    :param connections: how many scans of ours may run on one side at the same moment, beside the
        one question that each process asks.
    :param statement: the longest that one statement may take.
    :param snapshot_age: the longest that a snapshot may be held, since it holds vacuum back.
    :param replica_lag: how far a standby that is read may be behind, or that of the source may
        fall behind while it is read.
    :param active: reading pauses while more than this many sessions of others are active.
    :param settle: how long rows that others write may take to arrive; suspects are read again.
    :param budget: the longest that a gate may take; what was not asked by then leaves it
        INCOMPLETE.
    """

    downtime: Seconds = 600.0
    rollback: Seconds = 900.0
    lock: Seconds = Field(default=0.0, ge=0)
    queries: Seconds = Field(default=0.0, ge=0)
    connections: int = Field(default=4, ge=1, le=64)
    statement: Seconds = 0.0
    snapshot_age: Seconds = 0.0
    replica_lag: Seconds = 0.0
    active: int = Field(default=0, ge=0)
    settle: Seconds = 0.0
    budget: Seconds = 0.0
    requests: int = Field(default=8, ge=1, le=64)
    requests_per_second: float = Field(default=0.0, ge=0)
    timeout: Seconds = 10.0


class Engine(Record):
    """Where the work of reading is done.

    :param dask: the address of a Dask scheduler; threads of this process where it is empty.
    """

    dask: str = ""


class TableRule(Record):
    """What one table means to the release.

    :param mask: columns whose values, keys included, no report ever shows.
    :param show: columns whose values reports may show; of all others they tell the kind of
        difference and its place.
    :param compare: by column, what counts as the same; `exact` where nothing is said.
    :param query: a file of SQL whose rows, on the before side, are what the table should hold.
    :param rows: compare the rows of a view, a materialised view or a foreign table too.
    :param live: others write to it while it is read: suspects are read again.
    """

    model_config = ConfigDict(validate_by_name=True)

    priority: Priority = "important"
    mask: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    compare: dict[str, Equivalence] = Field(default_factory=dict)
    query: str = Field(default="", alias="from")
    rows: bool = False
    live: bool = False


class Keep(Record):
    """How many backups are kept: the newest of so many days, weeks, months and years."""

    daily: int = Field(default=30, ge=0)
    weekly: int = Field(default=12, ge=0)
    monthly: int = Field(default=12, ge=0)
    yearly: int = Field(default=5, ge=0)


class Backup(Record):
    """The backup that must be there before anything is written, and how one is made.

    :param files: a pattern of files that something else writes.
    :param folder: where our own are written, and looked for.
    :param max_age: the oldest that the newest may be.
    :param encrypt_to: public keys, `age1…` or `ssh-…`: any of theirs opens what is written.
    :param identity: the file of a private key that opens it, without which nothing is restored.
    :param scratch: the address of a server on which each is restored and compared, or `own` for
        the server that it was made of; empty for one of ours that ends with it.
    """

    files: str = ""
    folder: str = "backups"
    max_age: Seconds | None = None
    encrypt_to: tuple[str, ...] = ()
    identity: str = ""
    scratch: str = Field(default="", repr=False)
    keep: Keep = Keep()

    @property
    def place(self) -> str:
        """Where they are looked for, in words."""
        return self.files or f"{self.folder}/"


class Project(Record):
    """A whole `gatepost.toml`."""

    model_config = ConfigDict(validate_by_name=True)

    name: str = "unnamed"
    source: Source = Source()
    targets: dict[str, Target] = Field(default_factory=dict)
    migrate: Migrate = Migrate()
    fence: Fence = Fence()
    limits: Limits = Limits()
    prober: Prober = Prober()
    watch: Watch = Watch()
    engine: Engine = Engine()
    tables: dict[str, TableRule] = Field(default_factory=dict)
    compare_schema: Schema = Field(default=Schema(), alias="schema")
    privileges: Privileges = Privileges()
    references: tuple[Reference, ...] = ()
    counters: tuple[Counter, ...] = ()
    additions: tuple[Expectation, ...] = ()
    content: tuple[Expectation, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    lint: Lint = Lint()
    renamed: tuple[Renamed, ...] = ()
    export: dict[str, Export] = Field(default_factory=dict)
    media: tuple[MediaColumn, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    pages: tuple[Page, ...] = ()
    health: tuple[Health, ...] = ()
    uploads: Uploads = ()
    deliveries: Deliveries = ()
    probes: Probes = ()
    queries: Queries = Queries()
    ledgers: tuple[Ledger, ...] = ()
    backup: Backup | None = None
    promote: Promote | None = None
    environment: Environment | None = None
    waivers: tuple[Waiver, ...] = ()


class Settings(Record):
    """A project, and which source and target this run is about.

    :param staged: the source is files, or another kind of database; `source.url` names the
        database of ours in which they lie.
    :param rehearsal: the target's database is a stand-in, of which nobody has a backup.
    :param phase: of `[migrate.phases]`, the one whose migrations alone are run; all of them if
        empty.
    """

    project: Project
    folder: Path
    target_name: str
    target: Target
    source: Source
    staged: bool = False
    rehearsal: bool = False
    phase: Phase | Literal[""] = ""

    @property
    def in_place(self) -> bool:
        """Whether source and target are one database, which is changed as it stands."""
        return self.target.strategy == "in-place"

    @property
    def of_itself(self) -> bool:
        """Whether source and target are one: changed in place, or swapped for a migrated clone."""
        return self.in_place or self.project.migrate.fill == "prisma"

    @property
    def meets_migrations(self) -> bool:
        """Whether the database is known by its migrations, and changed by those still pending."""
        named = self.migrations is not None or bool(self.project.compare_schema.build)
        return named and self.of_itself

    @property
    def baseline(self) -> Path | None:
        """The file of facts that stands for the source; None where that is a live database."""
        name = dsns.baseline(self.source.url)
        return self.path(name) if name else None

    @property
    def to_be_staged(self) -> bool:
        """Whether the source is files, or another kind of database, that nobody has staged yet."""
        return is_staged_source(self.source.url)

    @property
    def migrations(self) -> Path | None:
        """The folder of what builds the target; None where the project names none."""
        named = self.project.migrate.migrations or self.project.compare_schema.migrations
        return self.path(named) if named else None

    @property
    def written_ledger(self) -> str:
        """The table in which we record what we run, on a server of ours or the target; or empty."""
        declared = self.project.migrate
        return declared.ledger if declared.migrates or self.staged else ""

    def is_due(self, migration: str) -> bool:
        """Whether a pending migration is one that this run is to run."""
        if not self.phase:
            return True
        return migration in self.project.migrate.phases.of(self.phase)

    def is_forgotten(self, migration: str) -> bool:
        """Whether a pending migration is of no phase, so that no run of one would run it."""
        return bool(self.phase) and migration not in self.project.migrate.phases.names

    @property
    def before(self) -> dsns.Dsn:
        """The address of the source, where it is a live database or was staged into one.

        :raises UsageError: it is files that are not staged yet, or no address.
        """
        if self.to_be_staged:
            raise UsageError(
                "source: is no PostgreSQL database, and this asks one",
                hint="gates stage it by themselves; `gatepost migrate` as its first step",
            )
        return dsns.parse(self.source.url, of="source")

    @property
    def after(self) -> dsns.Dsn:
        """The address of the target."""
        return dsns.parse(self.target.url, of=f"target '{self.target_name}'")

    @property
    def addresses(self) -> tuple[dsns.Dsn, ...]:
        """Those of both sides that are live databases, and of where the source will be staged."""
        if self.to_be_staged:
            scratch = self.source.scratch
            there = (dsns.parse(scratch, of="[source] scratch"),) if scratch else ()
            return (*there, self.after)
        return (self.after,) if self.baseline else (self.before, self.after)

    def priority(self, table: str) -> Priority:
        """Return what the project said about ``table``; `important` where it said nothing."""
        rule = self.project.tables.get(table)
        return rule.priority if rule else "important"

    def masked(self, table: str) -> frozenset[str]:
        """Return the columns of ``table`` whose values, keys included, are never shown.

        What is masked by the name that it had before a migration is masked by its new one.
        """
        renamed = [one.names for one in self.project.renamed]
        was = {table, *(str(old) for old, column, new in renamed if not column and new == table)}
        masked = frozenset(name for one in was for name in self.rule(one).mask)
        return masked | {new for old, name, new in renamed if str(old) in was and name in masked}

    def rule(self, table: str) -> TableRule:
        """Return what the project said about ``table``."""
        return self.project.tables.get(table, TableRule())

    def path(self, text: str) -> Path:
        """Return ``text`` as a path, relative ones from the project's folder."""
        return self.folder / text
