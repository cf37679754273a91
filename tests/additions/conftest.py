"""A database, and what a migration made of a copy of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.settings import Project
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.session import Session

# Fifty entries of three pools: what the third system had, in small.
POOLS = """
create type "DataSourceType" as enum ('REAL', 'MOCK');
create table pools (id text primary key, name text not null, legacy int, kickoff timestamp(3));
insert into pools values ('p1', 'one', 1, '2025-09-05 00:20'), ('p2', 'two', 2, null),
  ('p3', 'three', null, '2025-10-01 17:00');
create table survivor_entries (id int primary key, "poolId" text not null, strikes int not null);
insert into survivor_entries select n, 'p1', n % 3 from generate_series(1, 50) as n;
"""


@pytest.fixture
def migrated(database16: Callable[..., Dsn]) -> Iterator[Callable[..., Session]]:
    """Open the data gate's session over a database and a copy of it that was migrated."""
    with contextlib.ExitStack() as held:

        def ask(
            migration: str, /, *, origin: str = POOLS, gate: Any = "data", **declared: Any
        ) -> Session:
            before, after = database16(origin), database16(origin + migration)
            project = Project.model_validate(declared)
            return held.enter_context(
                opened(before, after, project, gate=gate, strategy="in-place", folder=Path.cwd())
            )

        yield ask
