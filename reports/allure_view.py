"""What does Allure show?  The one door to Allure: its files, written from plan and answers.

They are a view and never the verdict.  allure-pytest writes what happened to have run: a check
whose worker died is not there, an interrupted one is called passed, arguments stand in its
traces.  Here every planned check has one result instead, in Allure's own classes, and so:

    verdict         passed  failed  not asked  not applicable  waived
    Allure status   passed  failed  broken     skipped         skipped, with the tag `waived`

A waived finding is not red, since it blocks nothing, and not green, since it is not so.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import allure_commons
from allure_commons.logger import AllureMemoryLogger
from allure_commons.model2 import (
    Attachment,
    GlobalError,
    Globals,
    Label,
    Status,
    StatusDetails,
    TestResult,
)

from gatepost import verdict_file
from gatepost.causes import Found, causes
from gatepost.evidence import cut
from gatepost.verdict import Check

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost import verdict
    from gatepost.run_file import Run, Step
    from gatepost.verdict import Verdict

Keep = Callable[[str, str, str], None]

_ENVIRONMENT = "environment.properties"
_Logger: Any = AllureMemoryLogger  # it has no types

STATUS = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "not asked": Status.BROKEN,
    "not applicable": Status.SKIPPED,
    "waived": Status.SKIPPED,
}
STEP_STATUS = {
    "done": Status.PASSED,
    "failed": Status.FAILED,
    "undone": Status.SKIPPED,
    "not reached": Status.SKIPPED,
}
SEVERITY = {"critical": "critical", "important": "normal", "optional": "minor"}
RUN_ITSELF = "The run itself"
WAIVED = "waived"
CAUSE = "cause"
# Characters of evidence that can be read at a glance.
_SHORT = 2_000
_SUFFIX = {"application/json": "json", "text/plain": "txt"}


class _Attaching:
    """What `allure.attach` calls while a check runs."""

    def __init__(self, keep: Keep) -> None:
        self.keep = keep

    @allure_commons.hookimpl
    def attach_data(self, body: object, name: str | None, attachment_type: object) -> None:
        """Keep text; what is no text is named only, for a report holds what can be read."""
        if isinstance(body, bytes):
            try:
                body = body.decode()
            except UnicodeDecodeError:
                body = f"{len(body):,} bytes that are no text"
        self.keep(name or "attachment", _mime(attachment_type), cut(str(body)))

    @allure_commons.hookimpl
    def attach_file(self, source: str, name: str | None, attachment_type: object) -> None:
        """Keep a file's text."""
        file = Path(source)
        self.attach_data(file.read_bytes(), name or file.name, attachment_type)


@contextlib.contextmanager
def attaching(keep: Keep) -> Iterator[None]:
    """Hand ``keep`` what is attached by Allure's own functions until the block ends."""
    plugin = _Attaching(keep)
    allure_commons.plugin_manager.register(plugin)
    try:
        yield
    finally:
        allure_commons.plugin_manager.unregister(plugin)


def _mime(attachment_type: object) -> str:
    given = getattr(attachment_type, "mime_type", attachment_type)
    return given if isinstance(given, str) and given in _SUFFIX else "text/plain"


def write(verdict: Verdict, folder: Path) -> Path:
    """Write the results of a gate into ``folder``/allure-results, and return that folder."""
    into = folder / verdict_file.ALLURE
    logger = _Logger()
    headlines = _headlines(verdict)
    for result in verdict.results:
        written = _check(result, verdict.run, logger)
        if result.check in headlines:
            written.labels.append(Label(CAUSE, headlines[result.check]))
        logger.report_result(written)
    for at, problem in enumerate(verdict.problems, start=1):
        logger.report_result(_problem(at, problem, verdict.run))
    if verdict.problems:
        logger.report_globals(_errors(verdict.problems, _milliseconds(verdict.run.finished)))
    _save(logger, into)
    (into / _ENVIRONMENT).write_text(_environment(verdict), encoding="utf-8")
    return into


def write_steps(run: Run, into: Path, remarks: Sequence[str] = ()) -> None:
    """Write the steps of a migration as results beside those of its gates.

    :param remarks: those of the gates.
    """
    logger = _Logger()
    started = run.started
    for at, step in enumerate(run.steps, start=1):
        started = step.started or started
        logger.report_result(_step(at, step, started))
    _save(logger, into)
    # Allure shows the last of several: what one gate says would be said of all of them.
    gates = ", ".join(one.folder for one in run.gates)
    told = {"Gates": gates, "Project": run.project, "Target": run.target, "Run": run.label}
    (into / _ENVIRONMENT).write_text(_properties(told, remarks), encoding="utf-8")


def _save(logger: Any, into: Path) -> None:
    """Write what a logger was told, in one go: Allure's own takes twice as long over each file."""
    into.mkdir(parents=True, exist_ok=True)
    for name, body in logger.attachments.items():
        (into / name).write_text(body, encoding="utf-8")
    for kind, records in (("result", logger.test_cases), ("globals", logger.globals)):
        for record in records:
            text = json.dumps(record, ensure_ascii=False)
            (into / f"{uuid.uuid4()}-{kind}.json").write_text(text, encoding="utf-8")


def _headlines(verdict: Verdict) -> dict[Check, str]:
    """Return of each finding what it is listed under: what it says and most others say too."""
    found = causes(map(Found.of, verdict.findings))
    return {
        Check(one.check, subject): one.headline
        for one in reversed(found)
        for subject in one.subjects
    }


def _check(result: verdict.Result, run: verdict.Run, logger: Any) -> TestResult:
    answer = result.answer
    start = (
        round(answer.started * 1000) if answer and answer.started else _milliseconds(run.started)
    )
    written = _result(f"{run.gate} gate", result.check.question, result.check.subject)
    written.status = STATUS[result.state]
    written.statusDetails = _details(result)
    written.labels += [Label("severity", _severity(result)), *_tags(result)]
    evidence = answer.evidence if answer else ()
    told = "\n".join(f"* {note}" for note in answer.notes) if answer else ""
    if result.state == "passed" and all(_short(one) for one in evidence):
        told = "\n\n".join(filter(None, (told, *map(_inline, evidence))))
    else:
        written.attachments = list(_attached(evidence, logger))
    written.description = told or None
    written.start = start
    written.stop = start + round((answer.duration if answer else 0) * 1000)
    return written


def _result(epic: str, feature: str, subject: str) -> TestResult:
    """Return a result with its identity, by which Allure tells history and retries."""
    identity = hashlib.sha256(f"{epic}\n{feature}\n{subject}".encode()).hexdigest()[:32]
    return TestResult(
        uuid=str(uuid.uuid4()),
        historyId=identity,
        testCaseId=identity,
        name=f"{feature} {subject}",
        fullName=f"{epic}: {feature} {subject}",
        titlePath=[epic, feature],
        labels=[Label("epic", epic), Label("feature", feature)],
    )


def _severity(result: verdict.Result) -> str:
    priority = result.planned.priority
    return "blocker" if (result.state, priority) == ("failed", "critical") else SEVERITY[priority]


def _tags(result: verdict.Result) -> Iterator[Label]:
    if result.state in ("waived", "not applicable"):
        yield Label("tag", result.state)


def _details(result: verdict.Result) -> StatusDetails | None:
    if result.waiver:
        accepted = f"waived until {result.waiver.until} by {result.waiver.by}"
        return StatusDetails(message=f"{accepted}: {result.waiver.reason}\n\n{result.message}")
    if result.state in ("not asked", "not applicable"):
        return StatusDetails(message=f"{result.state}: {result.message}")
    return StatusDetails(message=result.message) if result.message else None


def _short(one: verdict.Attachment) -> bool:
    """Whether evidence may stand in the description of its check instead of a file of its own.

    A file per check would double the files of a gate over a thousand tables, and they are what
    its report spends its time on.
    """
    fenced = one.type == "application/json" and "`" not in one.name
    return fenced and len(one.body) <= _SHORT


def _inline(one: verdict.Attachment) -> str:
    # Nothing inside a fence is read as markup; no line of JSON begins with what would end it.
    return f"```\n{' '.join(one.name.split())}\n{one.body}\n```"


def _attached(evidence: Iterable[verdict.Attachment], logger: Any) -> Iterator[Attachment]:
    for one in evidence:
        file = f"{uuid.uuid4()}-attachment.{_SUFFIX.get(one.type, 'txt')}"
        logger.report_attached_data(one.body, file)
        yield Attachment(name=one.name, source=file, type=one.type)


def _problem(at: int, problem: str, run: verdict.Run) -> TestResult:
    first, *_ = problem.splitlines() or [""]
    written = _result(RUN_ITSELF, f"{run.gate} gate", f"problem {at}: {first}")
    written.status = Status.BROKEN
    written.statusDetails = StatusDetails(message=problem)
    written.labels.append(Label("severity", "blocker"))
    written.start = _milliseconds(run.started)
    written.stop = _milliseconds(run.finished)
    return written


def _errors(problems: Iterable[str], at: int) -> Globals:
    return Globals(errors=[GlobalError(message=one, timestamp=at) for one in problems])


def _step(at: int, step: Step, started: dt.datetime) -> TestResult:
    written = _result(RUN_ITSELF, "steps", f"{at:02d} {step.name}")
    written.name = f"{at:02d} {step.name}"
    written.status = STEP_STATUS[step.state]
    if step.detail or step.state != "done":
        written.statusDetails = StatusDetails(message=f"{step.state}: {step.detail}".rstrip(": "))
    written.start = _milliseconds(started)
    written.stop = written.start + round(step.duration_s * 1000)
    return written


def _environment(verdict: Verdict) -> str:
    run = verdict.run
    values = {"Gate": run.gate, "Project": run.project, "Target": run.target, "Run": run.label}
    return _properties(values, run.remarks)


def _properties(values: dict[str, str], remarks: Sequence[str]) -> str:
    values |= {"Compared": "; ".join(remarks)} if remarks else {}
    return "".join(f"{key} = {value}\n" for key, value in values.items())


def _milliseconds(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)
