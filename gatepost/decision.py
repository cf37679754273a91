"""What follows from the plan and the answers?  Pure: no input, no output."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gatepost.questions import QUESTIONS
from gatepost.verdict import (
    UNANSWERED,
    WEIGHT,
    Answer,
    Check,
    Counts,
    Finding,
    NotAsked,
    NotPlanned,
    Planned,
    Result,
    Run,
    Verdict,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.settings import Gate
    from gatepost.waivers import Waiver


def decide(
    run: Run,
    plan: Sequence[Planned],
    answers: Iterable[Answer],
    *,
    waivers: Sequence[Waiver] = (),
    not_planned: Sequence[NotPlanned] = (),
    problems: Sequence[str] = (),
) -> Verdict:
    """Return the verdict.

    GO only if the plan held something to ask, every planned check was answered yes, or no with
    a waiver in force on the day the run started, and nothing is in ``problems``.

    :param answers: at most one a check counts: a no outweighs a not-asked, which outweighs a
        yes.  An answer that was not planned is planned by having been given.
    :param problems: what went wrong beside the checks: a collection error, an interrupt, a
        worker that died.  One is enough for INCOMPLETE.
    """
    given = _worst(answers)
    expected = {one.check: one for one in plan}
    for check in given:
        expected.setdefault(check, Planned(check, run.gate))
    waived = _Waivers(waivers, run)
    results = tuple(_result(one, given.get(one.check), waived) for one in expected.values())
    counts = _counts(results)
    return Verdict(
        word=_word(counts, problems),
        run=run,
        counts=counts,
        findings=_findings(results),
        not_asked=tuple(NotAsked(r.check, r.message) for r in results if r.state == "not asked"),
        not_planned=tuple(not_planned),
        notes=tuple((r.check, note) for r in results if r.answer for note in r.answer.notes),
        problems=tuple(problems),
        stale_waivers=waived.stale(),
        results=results,
    )


def _word(counts: Counts, problems: Sequence[str]) -> Word:
    if counts.failed:
        return "NO-GO"
    if counts.not_asked or problems or not counts.passed + counts.waived:
        return "INCOMPLETE"
    return "GO"


def _result(planned: Planned, answer: Answer | None, waivers: _Waivers) -> Result:
    if answer is None and planned.not_applicable:
        return Result(planned, "not applicable", planned.not_applicable)
    if answer is None:
        return Result(planned, "not asked", UNANSWERED)
    if answer.outcome == "yes":
        return Result(planned, "passed", "", answer)
    if answer.outcome == "not-asked":
        return Result(planned, "not asked", answer.message, answer)
    waiver = waivers.of(planned)
    return Result(planned, "waived" if waiver else "failed", answer.message, answer, waiver)


def _counts(results: Sequence[Result]) -> Counts:
    of = Counter(result.state for result in results)
    return Counts(
        planned=len(results),
        passed=of["passed"],
        failed=of["failed"],
        waived=of["waived"],
        not_applicable=of["not applicable"],
        not_asked=of["not asked"],
    )


def _findings(results: Sequence[Result]) -> tuple[Finding, ...]:
    """Return what was answered no: what blocks first, then by priority."""
    found = [
        Finding(r.check, r.planned.priority, r.message, r.answer.evidence, r.waiver)
        for r in results
        if r.answer and r.state in ("failed", "waived")
    ]
    return tuple(sorted(found, key=_rank))


def _worst(answers: Iterable[Answer]) -> dict[Check, Answer]:
    worst: dict[Check, Answer] = {}
    for answer in answers:
        known = worst.get(answer.check)
        if known is None or WEIGHT[answer.outcome] > WEIGHT[known.outcome]:
            worst[answer.check] = answer
    return worst


def _rank(finding: Finding) -> tuple[bool, int, Check]:
    order = ("critical", "important", "optional")
    return finding.waiver is not None, order.index(finding.priority), finding.check


def _is_of(waiver: Waiver, gate: Gate) -> bool:
    """Whether a gate asks what a waiver accepts: of one for another gate it says nothing."""
    asked = {"data", "app"} if gate == "post" else {gate}
    known = QUESTIONS.get(waiver.check)
    if waiver.gate:
        return waiver.gate in asked
    return known is None or not asked.isdisjoint(known.gates)


class _Waivers:
    """Which waiver accepts a finding, and which ones accepted nothing."""

    def __init__(self, waivers: Sequence[Waiver], run: Run) -> None:
        self.waivers = waivers
        self.today = run.started.date()
        self.gate = run.gate
        self.used: set[int] = set()

    def of(self, planned: Planned) -> Waiver | None:
        check = planned.check
        for at, waiver in enumerate(self.waivers):
            if waiver.gate not in ("", planned.gate):
                continue
            if (waiver.check, waiver.subject) == (check.question, check.subject):
                self.used.add(at)
                if waiver.until >= self.today:
                    return waiver
        return None

    def stale(self) -> tuple[str, ...]:
        """Return a line for each waiver that has expired, or matched nothing that was asked."""
        lines = []
        for at, waiver in enumerate(self.waivers):
            name = f"waiver {waiver.check} {waiver.subject}"
            if waiver.until < self.today:
                lines.append(f"{name}: expired on {waiver.until}")
            elif at not in self.used and _is_of(waiver, self.gate):
                lines.append(f"{name}: matches no finding")
        return tuple(lines)
