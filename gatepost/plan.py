"""Which checks must a gate have answered?  Known before the first one is asked.

A pure function of the project's settings and the two catalogs, so that every worker comes to the
same plan by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.parity import declared
from gatepost.questions import QUESTIONS
from gatepost.subjects import Subjects
from gatepost.verdict import Check, NotPlanned, Planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gatepost.ledgers.standing import Standing
    from gatepost.locks import Locks
    from gatepost.measured import Measured
    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.settings import Gate, Settings

__all__ = ["QUESTIONS", "Ask", "Plan", "build"]

_NOTHING: Mapping[Relation, Table] = {}


@dataclass(frozen=True)
class Ask:
    """A planned check, and the subject that its test is given."""

    planned: Planned
    subject: object


@dataclass(frozen=True)
class Plan:
    """All checks of a gate, and the questions that could not be planned, with the reason."""

    asks: tuple[Ask, ...]
    not_planned: tuple[NotPlanned, ...]

    def of(self, question: str) -> tuple[Ask, ...]:
        """Return what is to be asked of one question, without what does not apply."""
        return self._asked.get(question, ())

    @cached_property
    def _asked(self) -> dict[str, tuple[Ask, ...]]:
        grouped: dict[str, list[Ask]] = {}
        for ask in self.asks:
            if not ask.planned.not_applicable:
                grouped.setdefault(ask.planned.check.question, []).append(ask)
        return {question: tuple(asks) for question, asks in grouped.items()}


def build(
    settings: Settings,
    gate: Gate,
    before: Catalog,
    after: Catalog,
    *,
    target_exists: bool = True,
    yielded: Mapping[Relation, Table] = _NOTHING,
    measured: Measured | None = None,
    collections: Sequence[str] = (),
    standing: Standing | None = None,
    locked: Locks | None = None,
) -> Plan:
    """Return the plan of a gate.

    What neither database has is planned as not applicable: facts say so.  What the project gave
    no means to ask (no application, no backup named) is not planned, and the verdict tells.

    :param target_exists: False where the target's database is still to be made.
    :param yielded: for tables that a query of the project stands for, what the query yields.
    :param measured: what the runner has handed over; None where it is not the runner that asks.
    :param collections: that were staged, where the source is no database.
    :param standing: which migrations the rows before are still to meet; None where none will.
    :param locked: what the runner saw of the locks of a change in place; None where nobody watched.
    :raises UsageError: a rule of the project that no table can follow, or a pattern for nothing.
    """
    finished = gate != "pre"
    declared.check(settings, before, after, yielded, finished=finished)
    gates = ("data", "app") if gate == "post" else (gate,)
    subjects = Subjects(
        settings,
        before,
        after,
        target_exists,
        yielded,
        measured,
        tuple(collections),
        standing,
        locked,
    )
    if finished:
        subjects.selection.check(subjects.declared)
    asks: list[Ask] = []
    not_planned: list[NotPlanned] = []
    for question in QUESTIONS.values():
        for one in gates:
            if one not in question.gates:
                continue
            for found in _asked(subjects, question.name, one):
                if isinstance(found, NotPlanned):
                    not_planned.append(found)
                else:
                    asks.append(found)
    return Plan(tuple(asks), tuple(not_planned))


def _asked(subjects: Subjects, question: str, gate: Gate) -> Iterator[Ask | NotPlanned]:
    """Yield the checks of one question, or the one that says why there is nothing to ask."""
    for found in subjects.of(question, gate):
        if isinstance(found, NotPlanned):
            yield found
        else:
            subject, name, priority = found
            yield Ask(Planned(Check(question, name), gate, priority), subject)
    if reason := subjects.nothing(question, gate):
        yield Ask(Planned(Check(question, "database"), gate, not_applicable=reason), None)
