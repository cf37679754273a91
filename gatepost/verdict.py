"""Of what is a verdict made: checks, answers, findings, and the word?"""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from pydantic.dataclasses import dataclass

from gatepost.settings import Gate, Priority
from gatepost.staging.registry import StagedCollection
from gatepost.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Sequence

Word = Literal["GO", "NO-GO", "INCOMPLETE"]
Outcome = Literal["yes", "no", "not-asked"]
State = Literal["passed", "failed", "waived", "not applicable", "not asked"]

SCHEMA_VERSION: Literal[1] = 1
EXIT = {"GO": 0, "NO-GO": 1, "INCOMPLETE": 7}
WEIGHT = {"yes": 0, "not-asked": 1, "no": 2}
UNANSWERED = "no answer: deselected, or the run ended before it"


@dataclass(frozen=True, order=True)
class Check:
    """One question about one subject.  The pair is its identity everywhere."""

    question: str
    subject: str

    def __str__(self) -> str:
        return f"{self.question} {self.subject}"


@dataclass(frozen=True)
class Planned:
    """A check that a gate must have answered.

    :param not_applicable: why facts, never settings, say that there is nothing to ask; empty
        for a check that must be asked.
    """

    check: Check
    gate: Gate
    priority: Priority = "important"
    not_applicable: str = ""


@dataclass(frozen=True)
class NotPlanned:
    """A question that the project gave no means to ask."""

    question: str
    reason: str


@dataclass(frozen=True)
class Attachment:
    """Something to look at, masked already: text of type `text/plain` or `application/json`."""

    name: str
    body: str
    type: str = "text/plain"


@dataclass(frozen=True)
class Answer:
    """What became of one check.

    :param outcome: `not-asked` for everything that is neither yes nor no: an error, a skip, a
        worker that died.
    :param message: for a no: the finding, culprits named; for a not-asked: why.
    :param notes: true things worth knowing that are no findings.
    :param evidence: what the report keeps of both sides.
    :param duration: seconds.
    :param started: seconds since 1970; 0 where it is not known.
    """

    check: Check
    outcome: Outcome
    message: str = ""
    notes: tuple[str, ...] = ()
    evidence: tuple[Attachment, ...] = ()
    duration: float = 0.0
    started: float = 0.0


@dataclass(frozen=True)
class Result:
    """What became of one planned check: every output lists these, so that all count the same.

    :param message: the finding, why it was not asked, or why there was nothing to ask.
    :param answer: None where nobody answered.
    :param waiver: of a waived one, the waiver that accepts it.
    """

    planned: Planned
    state: State
    message: str = ""
    answer: Answer | None = None
    waiver: Waiver | None = None

    @property
    def check(self) -> Check:
        """Which check this is about."""
        return self.planned.check


@dataclass(frozen=True)
class Finding:
    """A no, with the waiver that accepts it where there is one."""

    check: Check
    priority: Priority
    message: str
    evidence: tuple[Attachment, ...] = ()
    waiver: Waiver | None = None


@dataclass(frozen=True)
class NotAsked:
    """A planned check without an answer."""

    check: Check
    reason: str


@dataclass(frozen=True)
class Counts:
    """How many checks, by what became of them; `planned` is the sum of the others."""

    planned: int
    passed: int
    failed: int
    waived: int
    not_applicable: int
    not_asked: int


@dataclass(frozen=True)
class SideInfo:
    """Against which database: for the head of the report.  Never a password.

    :param collections: what was staged into it, where it stands for files or another database.
    """

    server: str
    database: str
    version: str
    system_identifier: str
    snapshot: str = ""
    collections: tuple[StagedCollection, ...] = ()


@dataclass(frozen=True)
class MigrationFile:
    """A migration that the project had when a gate was asked; ``sha256`` is of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Run:
    """Of what, when and against what: the head of every report.

    :param label: the run's own id, the same in the journal, the report and the databases.
    :param remarks: how the two sides were compared, and what held reading back.
    :param rehearsal: the target was a stand-in.
    :param phase: of those in which the project migrates, the one that was asked about.
    :param migrations: the files of the project's migrations, in their order.
    """

    gate: Gate
    project: str
    target: str
    label: str
    started: dt.datetime
    finished: dt.datetime
    versions: dict[str, str] = field(default_factory=dict)
    before: SideInfo | None = None
    after: SideInfo | None = None
    remarks: tuple[str, ...] = ()
    rehearsal: bool = False
    phase: str = ""
    migrations: tuple[MigrationFile, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The word, and everything that led to it.

    :param problems: what went wrong beside the checks; with one, it cannot be GO.
    :param stale_waivers: a line for each waiver that has expired or matched no finding.
    :param results: one for each planned check, in the order of the plan; `findings`,
        `not_asked`, `notes` and `counts` follow from them.
    """

    word: Word
    run: Run
    counts: Counts
    findings: tuple[Finding, ...]
    not_asked: tuple[NotAsked, ...]
    not_planned: tuple[NotPlanned, ...]
    notes: tuple[tuple[Check, str], ...]
    problems: tuple[str, ...] = ()
    stale_waivers: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()

    @property
    def exit_status(self) -> int:
        """0, 1 or 7."""
        return EXIT[self.word]

    @property
    def headline(self) -> str:
        """One line: the word, and how many checks stand behind it."""
        return headline(self.word, self.counts, self.problems)


def headline(word: Word, counts: Counts, problems: Sequence[str] = ()) -> str:
    """Return the word, and how many checks stand behind it, as one line."""
    c = counts
    if word == "GO":
        said = f"GO: {c.passed} of {c.planned} checks passed"
        said += f", {c.waived} waived" if c.waived else ""
        return said + (f", {c.not_applicable} not applicable" if c.not_applicable else "")
    if word == "NO-GO":
        said = f"NO-GO: {c.failed} of {c.planned} checks did not pass"
        return said + (f", {c.not_asked} not asked" if c.not_asked else "")
    if c.not_asked:
        return f"INCOMPLETE: {c.not_asked} of {c.planned} checks were not asked"
    if not c.passed + c.waived:
        return "INCOMPLETE: nothing was checked"
    return f"INCOMPLETE: {problems[0].splitlines()[0]}" if problems else "INCOMPLETE"


def told(check: str, subject: str, text: str) -> str:
    """Return what is said about a check; most lines begin with its subject, and once is enough."""
    return f"{check} {subject}: {without_subject(subject, text)}"


def without_subject(subject: str, text: str) -> str:
    """Return what is said about a subject without its name at the beginning of lines."""
    # Of a reference, `child -> parent`, a line names the child.
    begun = subject.partition(" -> ")[0]
    return "\n".join(_without(begun, line) for line in text.split("\n"))


def _without(subject: str, line: str) -> str:
    rest = line.removeprefix(subject)
    said_twice = rest != line and rest.startswith((": ", "."))
    return rest.lstrip(":. ") if said_twice else line
