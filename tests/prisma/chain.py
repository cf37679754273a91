"""A chain of migrations, the database that it is for, and what each of us says of both."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database, names
from gatepost.dsn import Dsn
from gatepost.ledgers import reading
from gatepost.ledgers.declared import Ledger
from gatepost.ledgers.entries import Asked, Told
from gatepost.ledgers.kinds import KINDS
from gatepost.migrations import chain, prisma, prisma_ledger
from gatepost.schema import catalog
from tests.conftest import run
from tests.prisma import Engine

if TYPE_CHECKING:
    from gatepost.ledgers.entries import Entry
    from gatepost.migrations.prisma_ledger import Row

INIT, SECOND, THIRD = "20250816213427_init", "20250817_games", "20250828_more"
TEAMS = """CREATE TABLE teams (id text PRIMARY KEY, name text NOT NULL);
INSERT INTO teams VALUES ('a;b', 'semicolons; everywhere');
CREATE FUNCTION teams_of() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM teams);
END $$;
"""
GAMES = "CREATE TABLE games (id text PRIMARY KEY, home text REFERENCES teams);\n"
MORE = "CREATE TABLE more (id text);\n"
_LOOKS = 300
_LEDGER = Ledger(kind="prisma", table=prisma.TABLE)


@dataclass(frozen=True)
class Pools:
    """A database, and a folder of migrations for it."""

    dsn: Dsn
    folder: Path

    @property
    def engine(self) -> Engine:
        """Prisma's own."""
        return Engine(self.dsn, self.folder)

    def write(self, **scripts: str | bytes) -> None:
        """Write migrations, by their names without the moment: `init`, `games`, `more`."""
        for name, text in scripts.items():
            self.write_as(_NAMES[name], text)

    def write_as(self, name: str, text: str | bytes) -> None:
        """Write one migration."""
        there = self.folder / name
        there.mkdir(parents=True, exist_ok=True)
        raw = text if isinstance(text, bytes) else text.encode()
        (there / chain.SCRIPT).write_bytes(raw)

    def ours(self) -> list[str]:
        """Deploy as gatepost does; return what was applied."""
        return [one.name for one in prisma.deploy(self.dsn, self.folder)]

    def rows(self) -> tuple[Row, ...]:
        """Return what the ledger holds."""
        with contextlib.closing(database.maintenance(self.dsn)) as conn:
            return prisma_ledger.read(conn, names.relation(prisma.TABLE)) or ()

    def told(self, **known: Any) -> Told:
        """Return what the question `ledger` says of it."""
        entries, held = self._read()
        asked = Asked(_LEDGER, entries, self.folder, held=held, **known)
        return KINDS["prisma"].judge(asked)

    def pending(self) -> list[str]:
        """Return what gatepost takes for pending."""
        pending = KINDS["prisma"].pending
        assert pending is not None
        entries, _ = self._read()
        return [one.name for one in pending(entries, chain.of(self.folder))]

    def says(self, **known: Any) -> list[str]:
        """Return the first line of each finding, without the table's name."""
        findings = self.told(**known).findings
        return [one.partition("\n")[0].removeprefix(f"{prisma.TABLE}: ") for one in findings]

    def run(self, script: str) -> None:
        """Run SQL in the database."""
        run(self.dsn, script)

    def value(self, query: str) -> Any:
        """Return the one value of a query."""
        with contextlib.closing(database.unpinned(self.dsn)) as conn:
            return database.value(conn, query.encode())  # type: ignore[arg-type]  # a test's own

    def until(self, query: str) -> None:
        """Wait until a query says yes."""
        for _ in range(_LOOKS):
            if self.value(query):
                return
            time.sleep(0.05)
        pytest.fail(f"never: {query}")

    def _read(self) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        with contextlib.closing(database.read_only(self.dsn)) as conn:
            found = catalog.read(conn)
            entries = reading.read(conn, _LEDGER, found)
            table = found.table(names.relation(prisma.TABLE))
            held = KINDS["prisma"].held(conn, table, found) if table else ()
            return entries or (), held


_NAMES = {"init": INIT, "games": SECOND, "more": THIRD}
