"""A database that migrations of a Prisma project have built, and what its gates say of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, names
from gatepost.conduct import Migrate
from gatepost.dsn import Dsn
from gatepost.migrations import chain, prisma, prisma_ledger
from gatepost.schema.declared import Schema
from gatepost.schema.in_place import InPlace
from gatepost.settings import Project
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.comparison import Told
    from gatepost.settings import Gate

FOLDER = "prisma/migrations"


@dataclass
class Pool:
    """A folder of migrations, and the database in which the first of them ran.

    :param make: makes a database, given SQL or a template.
    :param scratch: the address of a server on which migrations may be built.
    """

    folder: Path
    make: Callable[..., Dsn]
    scratch: str
    live: Dsn = field(init=False)
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def begin(self, *files: str, pending: tuple[str, ...] = (), by_hand: str = "") -> Pool:
        """Write migrations, run the first of them, then what somebody did by hand."""
        names = [self._write(at, text) for at, text in enumerate((*files, *pending), 1)]
        self.live = self.make()
        prisma.deploy(self.live, self.folder / FOLDER, only=names[: len(files)])
        if by_hand:
            run(self.live, by_hand)
        return self

    def waiting(self) -> InPlace:
        """Return what the pre gate asks: the target as it is."""
        return self._compared(self.live, self.live, waiting=True)

    def migrated(self, more: str = "") -> InPlace:
        """Return what the data gate asks: a clone in which the pending ones ran, and ``more``."""
        self.held.close()  # a template is nobody's but the server's
        clone = self.make(template=self.live.dbname)
        prisma.deploy(clone, self.folder / FOLDER)
        if more:
            run(clone, more)
        return self._compared(self.live, clone, waiting=False)

    def mark_as_applied(self) -> None:
        """Say of what is pending that it ran, as `prisma migrate resolve --applied` does."""
        table = names.relation(prisma.TABLE)
        with contextlib.closing(database.maintenance(self.live)) as conn:
            known = {row.name for row in prisma_ledger.read(conn, table) or ()}
            for file in chain.of(self.folder / FOLDER).files:
                if file.name not in known:
                    row = prisma_ledger.begin(conn, table, file.name, file.sha256)
                    prisma_ledger.finish(conn, table, row)

    def _compared(self, before: Dsn, after: Dsn, *, waiting: bool) -> InPlace:
        project = Project(
            migrate=Migrate(fill="prisma", migrations=FOLDER),
            compare_schema=Schema(scratch=self.scratch),
        )
        gate: Gate = "pre" if waiting else "data"
        found = self.held.enter_context(
            opened(before, after, project, gate=gate, folder=self.folder)
        )
        return InPlace(found.settings, found.before, found.after, waiting=waiting)

    def _write(self, number: int, text: str) -> str:
        name = f"2025010{number}000000_step"
        file = self.folder / FOLDER / name / "migration.sql"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        return name


@contextlib.contextmanager
def opening(folder: Path, make: Callable[..., Dsn], scratch: str) -> Iterator[Pool]:
    """Yield a pool of which nothing is there yet."""
    pool = Pool(folder, make, scratch)
    with pool.held:
        yield pool


def all_told(comparison: InPlace) -> dict[str, Told]:
    """Return what is said of every object of either side, and of what is on neither."""
    before, after = comparison.sides
    names = {one.identity for side in (before, after) for one in side.objects}
    told = {name: comparison.of(name) for name in sorted(names) if not name.startswith("extension")}
    return told | {"migrations": comparison.of_migrations()}


def findings(comparison: InPlace) -> list[str]:
    """Return all findings."""
    return [line for told in all_told(comparison).values() for line in told.findings]
