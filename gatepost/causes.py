"""Which findings say the same of one subject after another?

A thousand tables that lost one thing are a thousand findings, since each is waived or mended by
itself, and one cause.  Every report tells causes; `verdict.json` holds both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, get_args

from pydantic.dataclasses import dataclass

from gatepost.settings import Priority
from gatepost.verdict import Attachment, without_subject
from gatepost.waivers import Waiver
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from gatepost.verdict import Finding

# So many subjects are named behind the first.
NAMED = 8
_SUBJECT = "\0"
_PRIORITIES = get_args(Priority)


@dataclass(frozen=True)
class Found:
    """A finding; waived where it has a waiver."""

    check: str
    subject: str
    priority: Priority
    message: str
    evidence: tuple[Attachment, ...] = ()
    waiver: Waiver | None = None

    @classmethod
    def of(cls, one: Finding) -> Found:
        """Return a finding of a verdict as it is written down."""
        check = one.check
        return cls(
            check.question, check.subject, one.priority, one.message, one.evidence, one.waiver
        )


@dataclass(frozen=True)
class Cause:
    """What the findings of one check say alike of their subjects.

    :param message: in the words of the first subject.
    :param count: how many subjects there are.
    :param subjects: in the order of the findings.
    :param waiver: of the first; the others have one each, for the same reason, by the same person
        and until the same day.  None where nobody accepted them.
    """

    check: str
    priority: Priority
    message: str
    count: int
    subjects: tuple[str, ...]
    waiver: Waiver | None = None

    @property
    def headline(self) -> str:
        """One line: what is said first, and of how many subjects."""
        subject, *others = self.subjects
        said, *_ = without_subject(subject, self.message).splitlines() or [""]
        more = f" and {counted(len(others), 'other')}" if others else ""
        return f"{self.check}: {said} ({subject}{more})"

    @property
    def others(self) -> str:
        """Of whom else the same is to be said: a line, empty for a single subject."""
        others = self.subjects[1:]
        if not others:
            return ""
        more = len(others) - NAMED
        hidden = f" … and {more:,} more" if more > 0 else ""
        names = ", ".join(others[:NAMED])
        return f"the same of {counted(len(others), 'other')}: {names}{hidden}"


class _Way(NamedTuple):
    """What findings must have in common to be of one cause."""

    check: str
    priority: Priority
    accepted: tuple[object, ...]
    said: str


def causes(found: Iterable[Found]) -> tuple[Cause, ...]:
    """Return what the findings say, each thing once: what blocks first, by priority, most first.

    A finding that says several things has a part in several causes; what it alone says is one.
    Things are the same if they read the same with the subject's own name, schema and quotes taken
    out, so that `t1_pkey` of t1 and `t2_pkey` of t2 are.
    """
    parts = [(one, _parts(one)) for one in found]
    ways: dict[_Way, list[tuple[Found, str]]] = defaultdict(list)
    for one, things in parts:
        for way, said in things.items():
            ways[way].append((one, said))
    many = {way: told for way, told in ways.items() if len(told) > 1}
    made = [*map(_common, many.values()), *_alone(parts, many)]
    return tuple(sorted(made, key=_rank))


def _common(told: list[tuple[Found, str]]) -> Cause:
    first, said = told[0]
    subjects = tuple(one.subject for one, _ in told)
    return Cause(first.check, first.priority, said, len(told), subjects, first.waiver)


def _alone(
    parts: Iterable[tuple[Found, dict[_Way, str]]], many: Container[_Way]
) -> Iterator[Cause]:
    for one, things in parts:
        own = [said for way, said in things.items() if way not in many]
        if own:
            message = one.message if len(own) == len(things) else "\n".join(own)
            yield Cause(one.check, one.priority, message, 1, (one.subject,), one.waiver)


def _rank(cause: Cause) -> tuple[bool, int, int]:
    return cause.waiver is not None, _PRIORITIES.index(cause.priority), -cause.count


def _parts(one: Found) -> dict[_Way, str]:
    """Return the things that a finding says, in its own words, by what makes them the same."""
    own = _own(one.subject)
    by = one.waiver
    accepted = (by.reason, by.until, by.by) if by else ()
    return {
        _Way(one.check, one.priority, accepted, own.sub(_SUBJECT, said)): said
        for said in _things(one)
    }


def _things(one: Found) -> list[str]:
    """Return the lines of a message that belong together.

    Each thing begins with the subject, and indented lines go into it; any other line is about all
    the things above it, up to the last such line.
    """
    begun = _begun(one.subject)
    things: list[list[str]] = []
    above = 0
    for line in one.message.split("\n"):
        if not things or line.startswith((f"{begun}: ", f"{begun}.")):
            things.append([line])
        elif line.startswith(" "):
            things[-1].append(line)
        else:
            for thing in things[min(above, len(things) - 1) :]:
                thing.append(line)
            above = len(things)
    return ["\n".join(thing) for thing in things]


def _own(subject: str) -> re.Pattern[str]:
    """Return what finds a subject's name as people, SQL and the names made from it have it.

    Of `function shop.f(text)` that is itself, `shop.f`, `"shop"."f"`, and `f` where it is a word
    or, between underscores, a part of one.
    """
    begun = _begun(subject)
    path, _, name = begun.partition("(")[0].rpartition(".")
    if path:
        schema = re.escape(path.rpartition(" ")[2])
        within = rf'(?:"?\b{schema}"?\.)?'
    else:
        name, within = name.rpartition(" ")[2], ""
    return re.compile(
        rf'{re.escape(begun)}(?![^\W_])|{within}"?(?<![^\W_]){re.escape(name)}(?![^\W_])"?'
    )


def _begun(subject: str) -> str:
    """Return what its lines begin with: of a reference, `child -> parent`, the child."""
    return subject.partition(" -> ")[0]
