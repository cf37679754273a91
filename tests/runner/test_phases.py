"""Does a phase run its own migrations, after those of the phases before it, and no others?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import project_file
from gatepost.errors import UsageError
from gatepost.migrations.record import Ran
from runner.outcome import NoGo
from runner.programs import chains
from tests.migrations.test_prisma import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

NAMES = ("1_init", "2_add", "3_fill", "4_drop", "5_other")
PHASES = 'expand = ["2_add"]\nmigrate = ["3_fill"]\ncontract = ["4_drop"]\n'


def chosen(folder: Path, phase: str, phases: str = PHASES, fill: str = "prisma") -> Settings:
    """A project with three phases."""
    written(folder / "prisma", dict.fromkeys(NAMES, "select 1"))
    (folder / "gatepost.toml").write_text(
        '[targets.prod]\nurl = "postgresql://db/pool"\nstrategy = "in-place"\n'
        f'[migrate]\nfill = "{fill}"\nmigrations = "prisma/migrations"\n[migrate.phases]\n{phases}'
    )
    return project_file.load(folder, "prod", phase=phase)


def ran(*names: str) -> tuple[Ran, ...]:
    """What a ledger says."""
    return tuple(Ran(name, dt.datetime.now(dt.UTC), 0.1) for name in names)


def test_phase_runs_its_own_that_are_pending(tmp_path: Path) -> None:
    settings = chosen(tmp_path, "migrate")

    assert chains.due(settings, ran("1_init", "2_add")) == ("3_fill",)
    assert chains.due(settings, ran("1_init", "2_add", "3_fill")) == ()
    assert settings.source.url == settings.target.url


def test_phase_whose_predecessor_is_pending_is_a_no(tmp_path: Path) -> None:
    with pytest.raises(NoGo, match="phase contract: 3_fill of the phase before, migrate, is pend"):
        chains.due(chosen(tmp_path, "contract"), ran("1_init", "2_add"))


def test_without_phases_all_that_is_pending_is_due(tmp_path: Path) -> None:
    assert chains.due(chosen(tmp_path, "", ""), ran("1_init")) == NAMES[1:]


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (("2_add", "5_other"), "5_other was run, and is none of the phase expand"),
        ((), "2_add is not recorded as run, whatever the command says"),
    ],
)
def test_other_migrations_than_those_due_are_a_no(
    tmp_path: Path, came: tuple[str, ...], said: str
) -> None:
    settings = chosen(tmp_path, "expand")
    with pytest.raises(NoGo, match=said):
        chains.refuse_others(settings, ("2_add",), ran(*came))

    chains.refuse_others(settings, ("2_add",), ran("2_add"))


def test_copy_for_a_phase_holds_what_is_deployed_and_no_more(
    tmp_path: Path, database16: Callable[..., Dsn]
) -> None:
    """Where the schema lies in the project's own folder, the runs are beside it."""
    chosen(tmp_path, "expand")
    declared = (tmp_path / "gatepost.toml").read_text().replace("prisma/migrations", "migrations")
    (tmp_path / "gatepost.toml").write_text(declared)
    (tmp_path / "prisma" / "migrations").rename(tmp_path / "migrations")
    (tmp_path / "schema.prisma").touch()
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://pool:secret@db/pool")
    run = tmp_path / "gatepost-runs" / "r1"
    run.mkdir(parents=True)
    settings = project_file.load(tmp_path, "prod", phase="expand")

    for _ in range(2):
        made = chains.folder_for(settings, database16(), run)

    assert made
    found = {str(one.relative_to(made)) for one in made.rglob("*") if one.is_file()}
    assert found == {"schema.prisma", "migrations/2_add/migration.sql"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"phase": ""}, "declares expand, migrate, contract, and none of them is chosen"),
        ({"phase": "expand", "phases": 'expand = ["2_ad"]'}, "names 2_ad, and migrations has no"),
        ({"phase": "expand", "fill": "command"}, "and migrate.fill is 'command'"),
        ({"phase": "contract", "phases": 'expand = ["2_add"]'}, "no migration is of phase"),
        (
            {"phase": "expand", "phases": 'expand = ["2_add"]\ncontract = ["2_add"]'},
            "2_add is named twice",
        ),
    ],
    ids=["none", "misspelt", "command", "empty", "twice"],
)
def test_phases_that_cannot_be_followed_are_refused(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        chains.refuse_phase(chosen(tmp_path, **given))
