"""A suite of tests that is thrown away, and how a run of pytest on it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from gatepost import seal, verdict_file

if TYPE_CHECKING:
    from gatepost.verdict_file import Record

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


def ended(run: Ended) -> tuple[int, str]:
    assert run.record.exit_status == run.status
    assert_outputs_agree(run)
    return run.status, run.record.verdict


def assert_outputs_agree(run: Ended) -> None:
    """The terminal, JUnit and Allure count what the verdict counts."""
    record, out = run.record, run.folder / "out"
    assert seal.holds(json.loads((out / verdict_file.FILE).read_text()))
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
