"""Does every way a run of pytest can end give the right verdict, in every output?

Each test runs pytest itself, as a user does, on a suite that is thrown away.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from gatepost import verdict_file
from tests.fake_gate import NOT_APPLICABLE, PASSWORD, WAIVED

if TYPE_CHECKING:
    from gatepost.verdict_file import Record

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
HEAD = "import os, signal, time, pytest\nasks = pytest.mark.asks\n"
YES = "@asks('rows public.a')\ndef test_a(): pass\n"
NO = (
    "@asks('rows public.b')\ndef test_b():\n"
    "    was, now = 2, 1\n"
    "    assert now == was, 'public.b: 2 rows before, 1 after\\n  gone: id = 17'\n"
)
ALSO = "@asks('rows public.c')\ndef test_c(): pass\n"
DIES = "@asks('rows public.b')\ndef test_b(): os.kill(os.getpid(), signal.SIGKILL)\n"
BROKEN = "import nowhere\ndef test_z(): pass\n"
WAITS = (
    "@asks('rows public.b')\ndef test_b():\n    open('begun', 'w').close()\n    time.sleep(60)\n"
)

Process = subprocess.Popen[str]


@dataclass(frozen=True)
class Ended:
    """How a run of pytest ended."""

    status: int
    text: str
    folder: Path

    @property
    def record(self) -> Record:
        return verdict_file.read(self.folder / "out")

    @property
    def everything(self) -> str:
        """All that the run said or wrote."""
        files = (file for file in (self.folder / "out").rglob("*") if file.is_file())
        return self.text + "".join(file.read_text() for file in files)


@dataclass(frozen=True)
class Suite:
    """A suite in a folder of its own."""

    folder: Path

    def start(self, plan: str | None, *options: str, files: dict[str, str]) -> Process:
        for name, text in files.items():
            (self.folder / name).write_text(HEAD + text)
        (self.folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        environment |= {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        if plan is not None:
            environment["FAKE_PLAN"] = plan
        plugins = ("-p", "tests.fake_gate", "-p", "no:cacheprovider", "--gatepost-no-report")
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *plugins, *options],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            # Whoever runs these tests in the background may have us ignore Ctrl-C; it must not.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def run(self, plan: str | None, *options: str, **files: str) -> Ended:
        named = {f"{name}.py": text for name, text in files.items()}
        return self.end(self.start(plan, *options, files=named))

    def end(self, process: Process) -> Ended:
        text, _ = process.communicate(timeout=60)
        return Ended(process.returncode, text, self.folder)


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


def ended(run: Ended) -> tuple[int, str]:
    assert run.record.exit_status == run.status
    assert_outputs_agree(run)
    return run.status, run.record.verdict


def assert_outputs_agree(run: Ended) -> None:
    """The terminal, JUnit and Allure count what the verdict counts."""
    record, out = run.record, run.folder / "out"
    c = record.counts
    assert record.headline in run.text
    assert record.headline in (out / "summary.md").read_text().replace("\\", "")
    checks = ET.parse(out / "junit.xml").getroot()[0]  # noqa: S314 - our own file
    assert (checks.get("tests"), len(checks.findall("testcase"))) == (str(c.planned), c.planned)
    assert len(checks.findall(".//failure")) == int(checks.get("failures", -1)) == c.failed
    assert len(checks.findall(".//error")) == int(checks.get("errors", -1)) == c.not_asked
    skipped = c.waived + c.not_applicable
    assert len(checks.findall(".//skipped")) == int(checks.get("skipped", -1)) == skipped
    results = [json.loads(f.read_text()) for f in (out / "allure-results").glob("*-result.json")]
    ours = [one for one in results if {"name": "epic", "value": "data gate"} in one["labels"]]
    status = Counter(one["status"] for one in ours)
    expected = {"passed": c.passed, "failed": c.failed, "broken": c.not_asked, "skipped": skipped}
    assert status == {name: number for name, number in expected.items() if number}
    assert len({one["historyId"] for one in results}) == len(results)
    assert len(results) - len(ours) == len(record.problems)
    assert len(list((out / "allure-results").glob("*-globals.json"))) == bool(record.problems)


@pytest.mark.parametrize("xdist", [(), ("-n2",)], ids=["one process", "two workers"])
class TestBothWays:
    """What holds with and without xdist."""

    def test_all_yes_is_go(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        plan = f"rows public.a,rows public.c,{NOT_APPLICABLE}"
        run = suite.run(plan, *xdist, test_it=YES + ALSO)
        assert ended(run) == (0, "GO")
        assert run.record.headline == "GO: 2 of 3 checks passed, 1 not applicable"

    def test_one_no_is_no_go_and_names_the_culprit(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        run = suite.run("rows public.a,rows public.b", *xdist, test_it=YES + NO)
        assert ended(run) == (1, "NO-GO")
        (found,) = run.record.findings
        assert found.message == "public.b: 2 rows before, 1 after\n  gone: id = 17"
        assert "rows public.b: 2 rows before, 1 after\n      gone: id = 17" in run.text

    def test_a_waived_no_is_go_and_shown(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        waived = NO.replace("rows public.b", WAIVED)
        run = suite.run(f"rows public.a,{WAIVED}", *xdist, test_it=YES + waived)
        assert ended(run) == (0, "GO")
        assert "accepted: made anew (until 2999-01-01, owner)" in run.text

    def test_a_deselected_check_is_incomplete(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        run = suite.run("rows public.a,rows public.c", *xdist, "-k", "test_a", test_it=YES + ALSO)
        assert ended(run) == (7, "INCOMPLETE")
        assert [one.subject for one in run.record.not_asked] == ["public.c"]

    def test_nothing_collected_is_incomplete(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        run = suite.run("rows public.a", *xdist, test_it="")
        assert ended(run) == (5, "INCOMPLETE")

    def test_nothing_planned_and_nothing_collected_is_incomplete(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        run = suite.run("", *xdist, test_it="")
        assert ended(run) == (5, "INCOMPLETE")

    def test_what_is_neither_yes_nor_no_was_not_asked(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        tests = [f"@asks('rows t{at}')\n{test}\n" for at, (test, _) in enumerate(NEITHER)]
        plan = ",".join(["rows public.a", *(f"rows t{at}" for at in range(len(NEITHER)))])
        run = suite.run(plan, *xdist, test_it=YES + "".join(tests))
        assert ended(run) == (7, "INCOMPLETE")
        assert run.record.counts.passed == 1
        given = {one.subject: one.reason for one in run.record.not_asked}
        assert set(given) == {f"t{at}" for at in range(len(NEITHER))}
        for at, (test, reason) in enumerate(NEITHER):
            assert reason in given[f"t{at}"], test

    @pytest.mark.parametrize(("body", "word"), [("pass", "INCOMPLETE"), ("assert 0", "NO-GO")])
    def test_an_error_after_the_answer_hides_no_no(
        self, suite: Suite, xdist: tuple[str, ...], body: str, word: str
    ) -> None:
        breaks = "@pytest.fixture\ndef breaks():\n    yield\n    raise OSError('gone')\n"
        text = f"{breaks}@asks('rows public.a')\ndef test_a(breaks): {body}\n"
        run = suite.run("rows public.a", *xdist, test_it=text)
        assert ended(run)[1] == word

    def test_a_collection_error_is_never_green(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        run = suite.run("rows public.a", *xdist, test_it=YES, test_other=BROKEN)
        assert ended(run) == (7 if xdist else 2, "INCOMPLETE")
        assert "cannot collect test_other.py" in run.record.problems[0]
        assert "nowhere" in run.record.problems[0]

    def test_a_module_that_skips_itself_is_never_green(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        skipped = "pytest.skip('no', allow_module_level=True)\ndef test_z(): pass\n"
        run = suite.run("rows public.a", *xdist, test_it=YES, test_other=skipped)
        assert ended(run) == (7, "INCOMPLETE")

    def test_stopping_at_the_first_failure_leaves_the_rest_unasked(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        slow = "".join(
            f"@asks('rows public.s{at}')\ndef test_s{at}(): time.sleep(0.3)\n" for at in range(8)
        )
        plan = ",".join(["rows public.b", *(f"rows public.s{at}" for at in range(8))])
        run = suite.run(plan, *xdist, "-x", test_it=NO + slow)
        assert run.record.verdict == "NO-GO"
        assert run.status in (1, 2)  # xdist calls it an interrupt
        assert run.record.counts.not_asked > 0
        assert_outputs_agree(run)

    def test_leaving_pytest_on_the_way_is_incomplete(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        leaves = "@asks('rows public.c')\ndef test_c(): pytest.exit('enough', returncode=0)\n"
        run = suite.run("rows public.a,rows public.c", *xdist, test_it=YES + leaves)
        assert run.status != 0
        assert run.record.verdict == "INCOMPLETE"
        assert run.record.not_asked

    def test_ctrl_c_is_incomplete(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        process = suite.start(
            "rows public.a,rows public.b", *xdist, files={"test_it.py": YES + WAITS}
        )
        wait_for(suite.folder / "begun")
        process.send_signal(signal.SIGINT)
        run = suite.end(process)
        assert ended(run) == (2, "INCOMPLETE")
        assert "rows public.b" in [f"{o.check} {o.subject}" for o in run.record.not_asked]
        assert "interrupted" in run.record.problems[0]

    def test_a_killed_run_says_that_it_has_not_finished(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        process = suite.start("rows public.b", *xdist, files={"test_it.py": WAITS})
        wait_for(suite.folder / "begun")
        process.kill()
        process.communicate(timeout=60)
        record = verdict_file.read(suite.folder / "out")
        assert (record.verdict, record.problems) == ("INCOMPLETE", (verdict_file.UNFINISHED,))

    def test_a_test_without_a_plan_counts(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        total = "def test_total(): assert 1 == 2, 'total owed: 12 before, 11 after'\n"
        run = suite.run("rows public.a", *xdist, test_it=YES, test_money=total)
        assert ended(run) == (1, "NO-GO")
        assert [(f.check, f.subject) for f in run.record.findings] == [("money", "test_total")]

    def test_a_test_without_a_plan_that_was_left_out_counts(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        total = "def test_total(): pass\ndef test_other(): pass\n"
        out = ("--deselect", "test_money.py::test_total")
        run = suite.run("rows public.a", *xdist, *out, test_it=YES, test_money=total)
        assert ended(run) == (7, "INCOMPLETE")
        assert [(o.check, o.subject) for o in run.record.not_asked] == [("money", "test_total")]

    def test_no_secret_and_no_compared_value_is_shown(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        run = suite.run(
            "rows public.a,rows public.b,rows public.c,rows public.d",
            *xdist,
            "--tb=long",
            "-vv",
            "-rA",
            "--junitxml=out/theirs.xml",
            test_it=SECRETIVE.replace("PASSWORD", repr(PASSWORD)),
        )
        assert ended(run) == (1, "NO-GO")
        assert PASSWORD not in run.everything
        assert "alice@example.com" not in run.everything
        assert "connect to postgresql://u:****@h/db" in run.everything

    def test_evidence_and_notes_reach_the_report(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        text = (
            "@asks('rows public.b')\ndef test_b(evidence):\n"
            "    evidence.record('rows', before=2, after=1)\n"
            "    evidence.note('public.b has no primary key')\n"
            "    assert 0, 'public.b: 2 rows before, 1 after'\n"
        )
        run = suite.run("rows public.b", *xdist, test_it=text)
        assert ended(run) == (1, "NO-GO")
        (found,) = run.record.findings
        assert json.loads(found.evidence[0].body) == {"before": 2, "after": 1}
        assert "rows public.b: public.b has no primary key" in run.text
        (attached,) = (run.folder / "out" / "allure-results").glob("*-attachment.json")
        assert json.loads(attached.read_text()) == {"before": 2, "after": 1}

    def test_short_evidence_of_a_yes_stands_in_its_description_and_not_in_a_file(
        self, suite: Suite, xdist: tuple[str, ...]
    ) -> None:
        text = (
            "@asks('rows public.b')\ndef test_b(evidence):\n"
            "    evidence.record('rows', before=2, after=2)\n"
            "    evidence.note('public.b has no primary key')\n"
        )
        run = suite.run("rows public.b", *xdist, test_it=text)
        assert ended(run) == (0, "GO")
        (file,) = (run.folder / "out" / "allure-results").glob("*-result.json")
        result = json.loads(file.read_text())
        note, evidence = result["description"].split("\n\n", 1)
        assert note == "* public.b has no primary key"
        assert evidence == '```\nrows\n{\n  "before": 2,\n  "after": 2\n}\n```'
        assert "attachments" not in result


NEITHER = [
    ("def test_0(): pytest.skip('no time')", "skipped: no time"),
    ("@pytest.mark.skip(reason='no time')\ndef test_1(): pass", "skipped: no time"),
    ("@pytest.mark.skipif(True, reason='no time')\ndef test_2(): pass", "skipped: no time"),
    ("@pytest.mark.xfail(reason='known')\ndef test_3(): assert 0", "expected to fail: known"),
    ("@pytest.mark.xfail(reason='known')\ndef test_4(): pass", "expected to fail: known"),
    ("@pytest.mark.xfail(strict=True)\ndef test_5(): pass", "expected to fail"),
    ("def test_6(): pytest.xfail('known')", "expected to fail: known"),
    ("def test_7(): raise OSError('refused')", "OSError: refused"),
    ("def test_8(nowhere): pass", "setup failed: FixtureLookupError"),
    ("def test_9(): open('nowhere')", "FileNotFoundError"),
]

SECRETIVE = """
import logging
secret = PASSWORD
def connect(dsn, password): raise OSError(f"connect to postgresql://u:{password}@h/db")
@asks('rows public.a')
def test_a(evidence):
    evidence.note(f"asked with {secret}")
    evidence.attach("how", {"password": secret})
    print(secret); logging.getLogger().error(secret)
    connect("h", secret)
@asks('rows public.b')
def test_b():
    rows = ["alice@example.com"]
    assert rows == ["nobody"], f"public.b: 1 row changed, password={secret}"
@asks('rows public.c')
def test_c():
    rows = ["alice@example.com"]
    assert rows == ["nobody"]
@pytest.fixture
def broken(): connect("h", secret)
@asks('rows public.d')
def test_d(broken): pass
"""


def wait_for(file: Path) -> None:
    limit = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < limit, f"{file.name} never came"
        time.sleep(0.05)


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
