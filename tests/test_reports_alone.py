"""Is the verdict right, and no secret told, where a run of pytest ends in a way of its own?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.thrown_suite import (
    ALSO,
    DIES,
    NO,
    YES,
    Suite,
    ended,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


def test_a_worker_that_dies_leaves_its_check_unasked(suite: Suite) -> None:
    run = suite.run("rows public.a,rows public.b,rows public.c", "-n2", test_it=YES + DIES + ALSO)
    assert ended(run) == (7, "INCOMPLETE")
    (one,) = run.record.not_asked
    assert (one.subject, one.reason) == ("public.b", "the worker that asked it died")
    assert "died" in run.record.problems[0]


def test_a_worker_that_dies_and_is_not_replaced_hides_no_check(suite: Suite) -> None:
    plan = "rows public.a,rows public.b,rows public.c"
    run = suite.run(plan, "-n1", "--max-worker-restart=0", test_it=YES + DIES + ALSO)
    assert run.status != 0
    assert run.record.verdict == "INCOMPLETE"
    assert [one.subject for one in run.record.not_asked] == ["public.b", "public.c"]


def test_an_error_of_a_plugin_is_incomplete_and_still_said(suite: Suite) -> None:
    plugin = "def pytest_runtest_protocol(item): raise RuntimeError('a plugin broke')\n"
    run = suite.run("rows public.a", conftest=plugin, test_it=YES)
    assert ended(run) == (3, "INCOMPLETE")
    assert "internal error: RuntimeError: a plugin broke" in run.record.problems


def test_tests_that_are_only_set_up_answer_nothing(suite: Suite) -> None:
    run = suite.run("rows public.a", "--setup-only", test_it=YES)
    assert ended(run) == (7, "INCOMPLETE")


def test_a_failure_that_no_check_accounts_for_is_never_go(suite: Suite) -> None:
    plugin = "def pytest_sessionfinish(session): session.exitstatus = 1\n"
    run = suite.run("rows public.a", conftest=plugin, test_it=YES)
    assert ended(run) == (7, "INCOMPLETE")
    assert run.record.problems == ("pytest ended with status 1",)


@pytest.mark.parametrize("option", ["--showlocals", "--full-trace", "--alluredir=x"])
def test_options_that_show_values_are_refused(suite: Suite, option: str) -> None:
    run = suite.run("rows public.a", option, test_it=YES)
    assert run.status == 4
    assert f"{option.partition('=')[0]} could show" in run.text
    assert "Traceback" not in run.text


def test_the_verdict_is_said_in_quiet_mode_too(suite: Suite) -> None:
    run = suite.run("rows public.a", "-qq", test_it=YES)
    assert "GO: 1 of 1 checks passed" in run.text


def test_listing_the_checks_writes_no_verdict(suite: Suite) -> None:
    run = suite.run("rows public.a", "--collect-only", test_it=YES)
    assert run.status == 0
    assert not (run.folder / "out").exists()


def test_without_a_gate_nothing_is_said_or_written(suite: Suite) -> None:
    run = suite.run(None, test_it=YES + NO)
    assert run.status == 1
    assert "verdict" not in run.text
    assert "assert 1 == 2" in run.text
    assert not (run.folder / "out").exists()


def test_a_run_that_fails_leaves_nothing_of_an_earlier_go(suite: Suite) -> None:
    suite.run("rows public.a", test_it=YES)
    run = suite.run("rows public.a", "-k", "nothing", test_it=YES)
    assert ended(run) == (5, "INCOMPLETE")


def test_a_folder_that_cannot_be_written_is_a_usage_error(suite: Suite) -> None:
    (suite.folder / "out").write_text("a file")
    run = suite.run("rows public.a", test_it=YES)
    assert run.status == 4
    assert "cannot write to" in run.text
    assert "Traceback" not in run.text


def test_the_summary_is_never_longer_than_200_lines(suite: Suite) -> None:
    many = "@pytest.mark.parametrize('i', range(300))\ndef test_x(i): assert 0, f'no {i}'\n"
    run = suite.run("", test_it=many)
    assert len((run.folder / "out" / "summary.md").read_text().splitlines()) <= 200
    assert "and 280 more" in run.text


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_what_a_check_attaches_by_allures_own_functions_is_kept(suite: Suite, workers: str) -> None:
    text = (
        "import allure\n@asks('rows public.a')\ndef test_a():\n"
        "    allure.attach('17 rows asked', 'how', allure.attachment_type.TEXT)\n"
        "    allure.attach(b'\\xff\\x00', 'bytes')\n"
    )
    run = suite.run("rows public.a", workers, test_it=text)

    assert ended(run) == (0, "GO")
    (file,) = (suite.folder / "out" / "allure-results").glob("*-result.json")
    names = [one["name"] for one in json.loads(file.read_text())["attachments"]]
    assert names == ["how", "bytes"]
    assert "17 rows asked" in run.everything
    assert "2 bytes that are no text" in run.everything
