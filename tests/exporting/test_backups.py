"""Can a database that was filled from files be backed up, pruned and drilled as any other can?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.backups import drills
from gatepost.backups.drills import Drill
from gatepost.embedded import free_port
from runner.__main__ import main
from tests.conftest import run
from tests.runner import studio as studios
from tests.runner.conftest import OLD, drop_others
from tests.stored import NOON
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.verdict import Word
    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow

# What the example's owner asked for: docs/runbook.md has the lines for cron.
POLICY = """
[backup]
max_age = "26 h"
keep = { daily = 30, weekly = 12, monthly = 12, yearly = 5 }
"""


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database18: Callable[..., Dsn]
) -> Iterator[Studio]:
    """A studio whose files are to become a database, with a policy for its backups."""
    made = studios.made(tmp_path, monkeypatch, database18(OLD))
    made.declare(more=POLICY)
    yield made
    drop_others(made)


def say(studio: Studio, verb: str, *more: str) -> int:
    """Say a verb about the studio's target."""
    return main([verb, "--target=prod", f"--project={studio.folder}", *more])


def asked(studio: Studio) -> str:
    """Ask the pre gate for the check `backup` alone, and return its report."""
    out = studio.folder / "asked"
    options = (f"--project={studio.folder}", "--gate=pre", f"--gatepost-out={out}")
    gate("--target=prod", *options, "--gatepost-no-report", "-k", "test_backup")
    return (out / "summary.md").read_text(encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a verb said to a program."""
    return json.loads(capsys.readouterr().out)


@pytest.mark.long
def test_policy_is_kept_before_and_after_files_became_a_database(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    """One before the migration, without which the pre gate says no; one after; a drill of that."""
    assert studio.migrate("--execute") == 10
    assert "backups/: no file of that name: there is no backup" in capsys.readouterr().out

    assert say(studio, "backup") == 0
    assert studio.migrate("--execute") == 0
    capsys.readouterr()
    assert say(studio, "backup", "--json") == 0
    made = told(capsys)["manifest"]
    assert made["rows"] == 3 + 3 + 4 + 6 + 2  # and two migrations in the ledger

    run(studio.target, "delete from project_members")  # the database goes on
    assert say(studio, "drill", "--json") == 0
    drilled = told(capsys)
    assert drilled["word"] == "GO"
    assert drilled["backup_at"] == made["started"]
    report = asked(studio)
    assert "Findings" not in report
    assert "backups/: last drill: GO at " in report
    assert ", back after " in report
    assert say(studio, "prune", "--json") == 0
    assert [one["act"] for one in told(capsys)["backups"]] == ["keep", "remove"]


def test_x15_backup_of_a_dead_connection_is_none_and_takes_nobodys_place(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(studio, "backup") == 0
    good = sorted((studio.folder / "backups").iterdir())
    monkeypatch.setenv("SHOP_TARGET", f"postgresql://nobody@127.0.0.1:{free_port()}/studio")
    capsys.readouterr()

    for _ in range(5):
        assert say(studio, "backup") == 64
    assert "connection refused" in capsys.readouterr().err.lower()
    assert say(studio, "prune", "--execute", "--json") == 0
    assert sorted((studio.folder / "backups").iterdir()) == good
    ((act,),) = ([one["act"] for one in told(capsys)["backups"]],)
    assert act == "keep"


@pytest.mark.parametrize(
    ("backup", "word", "found"),
    [
        ("newest", "NO-GO", ("newest: its drill said no at 2026-11-22 12:00 UTC: a row is gone",)),
        ("older", "NO-GO", ()),
        ("newest", "INCOMPLETE", ()),
        ("newest", "GO", ()),
    ],
)
def test_backup_whose_own_drill_said_no_cannot_be_relied_on(
    backup: str, word: Word, found: tuple[str, ...]
) -> None:
    drill = Drill(
        version=1,
        label="20261122T120000-0000",
        target="prod",
        at=NOON,
        word=word,
        why="a row is gone",
        backup=backup,
        backup_at=NOON,
        back_s=12.0,
        allowed_s=900.0,
        swap_s=None,
        server="PostgreSQL 18.4 on 127.0.0.1",
    )

    assert drills.findings(drill, "newest") == found
    assert str(drill) == f"{word} at 2026-11-22 12:00 UTC with {backup}, back after 12.0 s"
