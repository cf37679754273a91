"""Does every way a run of pytest can end give the right verdict, in every output?

Each test runs pytest itself, as a user does, on a suite that is thrown away.
"""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from gatepost import verdict_file
from tests.fake_gate import MIGRATIONS, NOT_APPLICABLE, PASSWORD, WAIVED
from tests.thrown_suite import (
    ALSO,
    BROKEN,
    NO,
    WAITS,
    YES,
    Suite,
    assert_outputs_agree,
    ended,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


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


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


@pytest.mark.parametrize("xdist", [(), ("-n2",)], ids=["one process", "two workers"])
class TestBothWays:
    """What holds with and without xdist."""

    def test_all_yes_is_go(self, suite: Suite, xdist: tuple[str, ...]) -> None:
        plan = f"rows public.a,rows public.c,{NOT_APPLICABLE}"
        run = suite.run(plan, *xdist, test_it=YES + ALSO)
        assert ended(run) == (0, "GO")
        assert run.record.headline == "GO: 2 of 3 checks passed, 1 not applicable"
        assert run.record.migrations == MIGRATIONS

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
