"""Is a healthy chain of migrations left alone, however much of it ran, on any server?"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.linting import judging, walk
from gatepost.migrations import chain
from gatepost.schema import catalog
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.told import Told

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "poolmanager" / "prisma" / "migrations"
FILES = chain.of(FOLDER).files
# Rows that the first three migrations have room for.
ROWS = """
insert into teams (id, "nflAbbr", name)
select 't' || i, 'T' || i, 'n' from generate_series(1, 32) i;
insert into pools (id, name, type)
select 'p' || i, 'pool ' || i, 'ATS' from generate_series(1, 3) i;
analyze;
"""


@pytest.mark.parametrize("applied", [0, 3])
def test_healthy_chain_gives_no_finding(database16: Callable[..., Dsn], applied: int) -> None:
    assert said(database16, applied) == []


@pytest.mark.parametrize("made", ["database15", "database18"])
@pytest.mark.long
def test_healthy_chain_gives_no_finding_on_other_servers(
    request: pytest.FixtureRequest, made: str
) -> None:
    for applied in range(len(FILES)):
        assert said(request.getfixturevalue(made), applied) == []


def said(made: Callable[..., Dsn], applied: int) -> list[str]:
    """Return the findings of what is pending where so many files ran."""
    dsn = made()
    for number, file in enumerate(FILES[:applied], start=1):
        run(dsn, file.text)
        if number == 3:
            run(dsn, ROWS)
    with contextlib.closing(database.read_only(dsn)) as conn:
        found = walk.over(FILES[applied:], catalog.read(conn), conn, "prisma")
    told: list[Told] = [judging.judge(hits, 64 << 20, live=True) for hits in found.values()]
    return [one for each in told for one in each.findings]
