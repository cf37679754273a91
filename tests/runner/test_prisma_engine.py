"""Is a run a GO whose command is Prisma's own engine, and is what it refuses known beforehand?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.prisma import Engine
from tests.runner.prisma import BIO, CHAIN, INDEX, INIT, TEAMS, applied, by_command, declare, rows

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.prisma_engine]

DEPLOY = f"""
import os, pathlib, sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from gatepost.environments import address
from tests.prisma import Engine
folder = pathlib.Path(os.environ.get("GATEPOST_PRISMA", "prisma")) / "migrations"
dsn = address.read(os.environ["DATABASE_URL"]).dsn
print(Engine(dsn, folder.resolve()).deploy())
"""


@pytest.mark.parametrize("strategy", ["in-place", "swap"])
def test_engine_deploys_to_a_clone_and_then_in_earnest(
    live: Shop, strategy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN, strategy=strategy, migrate=by_command(live, DEPLOY))

    status = live.migrate("--execute")

    assert status == 0, capsys.readouterr().out
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]
    assert Engine(live.target, live.folder / "prisma" / "migrations").pending() == []


def test_engine_that_fails_on_the_clone_leaves_the_database_as_it_was(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing that reads files alone could know: the rows themselves refuse."""
    refuses = "ALTER TABLE users ADD CHECK (pg_backend_pid() < 0);\n"
    declare(live, {**CHAIN, BIO: refuses}, migrate=by_command(live, DEPLOY))
    before = live.databases()

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status in (10, 20), said
    assert applied(live.target) == [INIT]
    assert len(rows(live.target)) == 1
    assert live.databases() == before
