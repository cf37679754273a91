"""What does a CI server read?  `junit.xml` with one test case per planned check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from gatepost import verdict_file

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.verdict import Result, Verdict

# What becomes of a check in JUnit's own words.
ELEMENTS = {
    "failed": "failure",
    "not asked": "error",
    "waived": "skipped",
    "not applicable": "skipped",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(verdict: Verdict, folder: Path) -> Path:
    """Write `junit.xml` and return its path."""
    tree = ET.ElementTree(suites(verdict))
    ET.indent(tree)
    file = folder / verdict_file.JUNIT
    tree.write(file, encoding="utf-8", xml_declaration=True)
    return file


def suites(verdict: Verdict) -> ET.Element:
    """Return a verdict as `<testsuites>`: the checks, and the run itself where it had problems.

    The counts of the first suite are the verdict's.  The second one is there so that a run whose
    checks all passed, but that is INCOMPLETE all the same, is not green.
    """
    root = ET.Element("testsuites", name=_xml(verdict.headline))
    counts, run = verdict.counts, verdict.run
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{run.gate} gate",
        tests=str(counts.planned),
        failures=str(counts.failed),
        errors=str(counts.not_asked),
        skipped=str(counts.waived + counts.not_applicable),
        time=f"{(run.finished - run.started).total_seconds():.3f}",
        timestamp=run.started.isoformat(),
    )
    properties = ET.SubElement(suite, "properties")
    said = {"verdict": verdict.word, "project": run.project, "target": run.target}
    for name, value in {**said, "run": run.label}.items():
        ET.SubElement(properties, "property", name=name, value=_xml(value))
    for result in verdict.results:
        _case(suite, result)
    if verdict.problems:
        _problems(root, verdict.problems)
    return root


def _case(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_xml(result.check.question),
        name=_xml(result.check.subject),
        time=f"{result.answer.duration if result.answer else 0:.3f}",
    )
    if result.state in ELEMENTS:
        first, *_ = result.message.splitlines() or [""]
        said = f"{result.state}: {first}"
        if result.waiver:
            said = f"waived until {result.waiver.until} by {result.waiver.by}: {first}"
        ET.SubElement(case, ELEMENTS[result.state], message=_xml(said)).text = _xml(result.message)


def _problems(root: ET.Element, problems: tuple[str, ...]) -> None:
    number = str(len(problems))
    suite = ET.SubElement(root, "testsuite", name="the run itself", tests=number, errors=number)
    for at, problem in enumerate(problems, start=1):
        case = ET.SubElement(suite, "testcase", classname="run", name=f"problem {at}")
        ET.SubElement(case, "error", message=_xml(problem))


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
