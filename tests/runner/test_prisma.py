"""Is a chain of Prisma's deployed to the database itself only after a GO of the same on a clone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runner.prisma import (
    BIO,
    CHAIN,
    INDEX,
    INIT,
    TEAMS,
    applied,
    declare,
)

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def test_chain_is_deployed_in_place_after_a_trial(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN)
    assert live.migrate() == 0
    assert "run `python -m gatepost.migrations deploy migrations`" in capsys.readouterr().out

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]
    assert "3 migrations in " in said


def test_clone_is_migrated_and_swapped_in(live: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(live, CHAIN, strategy="swap")

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]
    assert len(live.users()) == 50
