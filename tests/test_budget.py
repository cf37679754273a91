"""Does a gate whose time runs out say so, and never GO?"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from gatepost import history, verdict_file
from gatepost.budget import Budget
from gatepost.errors import LimitReached
from gatepost.history import Measured, Pair
from tests.conftest import run
from tests.test_usage import gate, refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

TABLES = ("a", "b", "c", "d")
SCHEMA = "".join(f"create table {name} (id int primary key);" for name in TABLES)
PROJECT = """
name = "shop"
[source]
url = "{before}"
[targets.prod]
url = "{after}"
[tables."public.c"]
priority = "critical"
[tables."public.a"]
priority = "optional"
"""
# Answers only when the time has run out: whatever is asked after it comes too late.
SLOW = '''
"""Does the project have patience?"""
import datetime, time

def test_time_passes(gatepost_session):
    budget = gatepost_session.settings.project.limits.budget
    end = gatepost_session.handover.started + datetime.timedelta(seconds=budget)
    time.sleep(max(0, (end - datetime.datetime.now(datetime.UTC)).total_seconds()))
'''


@pytest.fixture
def project(database16: Make, database18: Make, tmp_path: Path) -> list[str]:
    """Return the options of a data gate of a project over four equal tables."""
    before, after = database16(SCHEMA), database18(SCHEMA)
    run(before, "analyze")
    run(after, "analyze")
    text = PROJECT.format(before=before.raw, after=after.raw)
    (tmp_path / "gatepost.toml").write_text(text, encoding="utf-8")
    out = f"--gatepost-out={tmp_path / 'out'}"
    return ["--target=prod", "--gate=data", f"--project={tmp_path}", out, "--gatepost-no-report"]


def test_budget_is_spent_when_its_time_has_passed() -> None:
    minutes = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)

    assert Budget(299.0, minutes).spent
    assert not Budget(310.0, minutes).spent
    assert Budget(300.0, minutes).reason == "the budget of 5 min had run out"


def test_no_budget_is_never_spent() -> None:
    assert not Budget(0.0, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)).spent


def test_reading_stops_when_the_time_has_run_out() -> None:
    Budget(10.0, dt.datetime.now(dt.UTC)).check()
    with pytest.raises(LimitReached, match=r"^the budget of 2\.0 s had run out$"):
        Budget(2.0, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)).check()


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_nothing_is_asked_after_the_time_and_the_gate_is_incomplete(
    project: list[str], tmp_path: Path, workers: str
) -> None:
    done = gate(*project, "--budget=1ms", workers)
    record = verdict_file.read(tmp_path / "out")

    assert (done.returncode, record.verdict) == (7, "INCOMPLETE"), done.stdout
    assert record.counts.passed == record.counts.failed == 0
    assert {one.reason for one in record.not_asked} == {"the budget of 1 ms had run out"}


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_budget_with_time_left_changes_nothing(
    project: list[str], tmp_path: Path, workers: str
) -> None:
    done = gate(*project, "--budget=10min", workers)
    record = verdict_file.read(tmp_path / "out")

    assert (done.returncode, record.verdict) == (0, "GO"), done.stdout
    assert not record.not_asked
    assert "budget of 10 min" in done.stdout


@pytest.mark.slow
def test_what_matters_was_asked_when_the_time_ran_out(project: list[str], tmp_path: Path) -> None:
    own = tmp_path / "test_patience.py"
    own.write_text(SLOW, encoding="utf-8")
    done = gate(str(own), *project, "--budget=6s")
    record = verdict_file.read(tmp_path / "out")
    unasked = {f"{one.check} {one.subject}" for one in record.not_asked}

    assert (done.returncode, record.verdict) == (7, "INCOMPLETE"), done.stdout
    assert {"rows public.a", "columns public.a"} <= unasked
    assert not {"rows public.c", "columns public.c", "patience time_passes"} & unasked


@pytest.mark.slow
def test_budget_may_stand_in_the_projects_file(project: list[str], tmp_path: Path) -> None:
    file = tmp_path / "gatepost.toml"
    file.write_text(file.read_text() + '[limits]\nbudget = "1 ms"\n', encoding="utf-8")

    assert gate(*project).returncode == 7
    assert gate(*project, "--budget=10 min").returncode == 0


@pytest.mark.slow
def test_checks_are_ordered_only_if_there_is_a_budget(project: list[str]) -> None:
    listed = ("--collect-only", "-q")
    without = [line for line in gate(*project, *listed).stdout.splitlines() if "::" in line]
    bounded = [
        line for line in gate(*project, *listed, "--budget=1h").stdout.splitlines() if "::" in line
    ]

    assert sorted(bounded) == sorted(without)
    assert "public.a]" in next(line for line in without if "test_columns" in line)
    assert all("public.c" in line for line in bounded[:2])
    assert all("public.a" in line for line in bounded[-2:])


@pytest.mark.slow
def test_duration_that_is_none_is_refused(project: list[str]) -> None:
    refused(gate(*project, "--budget=soon"), "--budget: 'soon' is no duration: write 200 ms")


@pytest.mark.slow
@pytest.mark.parametrize("more", [("-n0",), ("-n2", "-q")])
def test_cost_is_told_and_nothing_asked(
    project: list[str], tmp_path: Path, more: tuple[str, ...]
) -> None:
    done = gate(*project, "--cost", *more)
    record = verdict_file.read(tmp_path / "out")
    told = json.loads((tmp_path / "out" / "cost.json").read_text())

    assert (done.returncode, record.verdict) == (7, "INCOMPLETE"), done.stdout
    assert record.counts.not_asked == record.counts.planned - record.counts.not_applicable
    assert {one.reason for one in record.not_asked} == {"only the cost was asked for: --cost"}
    assert "4 relations, " in done.stdout
    assert [one["relation"] for one in told["relations"]] == [f"public.{t}" for t in TABLES]
    assert all(one["statement"] > 0 for one in told["relations"])


@pytest.mark.slow
def test_gate_that_will_take_long_says_so_by_an_earlier_run(
    project: list[str], tmp_path: Path
) -> None:
    first = gate(*project)
    file = tmp_path / "out" / history.FILE
    kept = json.loads(file.read_text())
    history.write(
        tmp_path / "out",
        Pair(**kept["pair"]),
        {name: Measured(one["bytes"], 100.0) for name, one in kept["relations"].items()},
    )
    second = gate(*project)

    assert set(kept["relations"]) == {f"public.{table}" for table in TABLES}
    assert "the longest:" not in first.stdout
    assert "4 relations, " in second.stdout
    assert "about 1 min 40 s with 4 connections" in second.stdout
