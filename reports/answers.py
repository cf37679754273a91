"""What did a test say: yes, no, or nothing?  Heard where it ran, collected where it counts.

`heard` decides it in the process that ran the test, where the exception still is one; a plain
dictionary on the report carries it to the controller, where `Answers` collects them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.errors import GatepostError
from gatepost.gate import CHECK, EVIDENCE, NOTES
from gatepost.verdict import WEIGHT, Answer, Attachment, Check, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# The attribute of a report: xdist carries what is plain data.
SAID = "gatepost_said"

XFAIL = "marked as expected to fail"
WORKER_DIED = "the worker that asked it died"
# SQLSTATE classes whose messages quote a value: data exceptions and integrity violations.
_QUOTE_VALUES = ("22", "23")
_FRAMES = 8


@dataclass(frozen=True)
class Said:
    """What one phase of a test said; an empty outcome says nothing yet."""

    outcome: Outcome | None
    message: str = ""

    @property
    def plain(self) -> dict[str, str | None]:
        """The same as plain data, which is all that travels between processes."""
        return {"outcome": self.outcome, "message": self.message}


def heard(call: pytest.CallInfo[Any], report: pytest.TestReport) -> Said:
    """Return what a phase said.

    Only an assertion that failed, or `pytest.fail`, in the test itself is a no, and only a test
    that ran to its end is a yes.  Everything else means that the question was not asked.
    """
    if call.excinfo is None:
        if hasattr(report, "wasxfail") or report.failed:  # a strict xfail that passed has failed
            reason = getattr(report, "wasxfail", report.longrepr)
            return Said("not-asked", f"{XFAIL}: {reason}".rstrip(": "))
        return Said("yes" if report.when == "call" else None)
    return _raised(call.excinfo, report)


def _raised(excinfo: pytest.ExceptionInfo[BaseException], report: pytest.TestReport) -> Said:
    error = excinfo.value
    if hasattr(report, "wasxfail"):
        return Said("not-asked", f"{XFAIL}: {report.wasxfail}".rstrip(": "))
    if report.skipped and isinstance(error.__cause__, GatepostError):  # left out by ourselves
        return Said("not-asked", str(error.__cause__))
    if report.skipped:
        return Said("not-asked", f"skipped: {error}".rstrip(": "))
    if report.when != "call":
        return Said("not-asked", f"{report.when} failed: {words(error)}")
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        return Said("no", finding(excinfo))
    return Said("not-asked", words(error))


def finding(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the words of a check that failed, without pytest's comparison of the two values."""
    text = str(excinfo.value)
    if text.startswith("assert "):
        return f"not so: {excinfo.traceback[-1].statement}"
    said, rewritten, _ = text.partition("\nassert ")
    if rewritten:  # pytest has then indented all lines but the first
        said = said.replace("\n  ", "\n")
    return said.strip() or "the check failed without a word"


def words(error: BaseException) -> str:
    """Return what an error says, without the values that it may quote."""
    if isinstance(error, GatepostError):
        return str(error)
    name = type(error).__name__
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) and state.startswith(_QUOTE_VALUES):
        return f"{name} (SQLSTATE {state})"
    first, *_ = str(error).strip().splitlines() or [""]
    return f"{name}: {first}".rstrip(": ")


def shown(call: pytest.CallInfo[Any], said: Said, path: Path) -> str:
    """Return what stands where pytest would print a traceback with the test's arguments in it.

    :param path: of the test: where the part of the traceback begins that is worth reading.
    """
    if said.outcome == "no" or call.excinfo is None:
        return said.message
    if isinstance(call.excinfo.value, GatepostError):
        return said.message
    frames = call.excinfo.traceback.cut(path=path).filter(call.excinfo)[-_FRAMES:]
    lines = (f"{frame.path}:{frame.lineno + 1}: in {frame.name}" for frame in frames)
    return "\n".join([*lines, said.message])


def identity(nodeid: str, properties: Iterable[tuple[str, object]]) -> Check:
    """Return which check a test answers.

    One that is not ours carries none: its module is the question, the rest the subject.
    """
    carried = dict(properties)
    if CHECK in carried:
        return Check(**json.loads(str(carried[CHECK])))
    path, _, rest = nodeid.partition("::")
    return Check(PurePosixPath(path).stem.removeprefix("test_"), rest or path)


@dataclass
class _Item:
    check: Check
    started: float
    duration: float = 0.0
    said: Said = Said(None)
    notes: tuple[str, ...] = ()
    evidence: tuple[Attachment, ...] = ()


class Answers:
    """The answers of a run so far, from whichever process they come."""

    def __init__(self) -> None:
        self._items: dict[str, _Item] = {}

    def hear(self, report: pytest.TestReport) -> None:
        """Take in one report: the worst of setup, call and teardown is the answer."""
        if report.when not in ("setup", "call", "teardown"):
            self._lose(report.nodeid)
            return
        item = self._items.get(report.nodeid)
        if item is None:
            check = identity(report.nodeid, report.user_properties)
            item = _Item(check, report.start)
            self._items[report.nodeid] = item
        item.duration += report.duration
        # Each report carries all that was kept so far.
        item.evidence = tuple(Attachment(**one) for one in _kept(report, EVIDENCE))
        item.notes = tuple(_kept(report, NOTES))
        _worsen(item, Said(**getattr(report, SAID, {"outcome": None})))

    def _lose(self, nodeid: str) -> None:
        # xdist reports a crash without the test's properties; one that died before its setup
        # was reported stays a planned check without an answer.
        if nodeid in self._items:
            _worsen(self._items[nodeid], Said("not-asked", WORKER_DIED))

    def __iter__(self) -> Iterator[Answer]:
        for item in self._items.values():
            if item.said.outcome is not None:
                yield Answer(
                    item.check,
                    item.said.outcome,
                    item.said.message,
                    item.notes,
                    item.evidence,
                    item.duration,
                    item.started,
                )


def _kept(report: pytest.TestReport, kind: str) -> list[Any]:
    found = (json.loads(str(value)) for name, value in report.user_properties if name == kind)
    return [one for some in found for one in some]


def _worsen(item: _Item, said: Said) -> None:
    if said.outcome is None:
        return
    known = item.said.outcome
    if known is None or WEIGHT[said.outcome] > WEIGHT[known]:
        item.said = said
