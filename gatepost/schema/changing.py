"""Did the pending migrations change what they say, all of it, and nothing else?

Four catalogs tell of one database: what the migrations build that ran, what all of them build, what
it declared before and what it declares after.  Where the migrations change something, it must be
after what they make of it; whatever they leave alone must be what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from gatepost.schema import differences, lineage, telling
from gatepost.schema.catalog import Catalog
from gatepost.schema.differences import Differences
from gatepost.schema.mending import Remedy
from gatepost.schema.telling import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is told after the findings that it is about.
DRIFT = "drift: the ledger says that these migrations ran, and this is not what they build"
IN_THE_WAY = (
    "in the way: it is there before the pending migration, and otherwise; IF NOT EXISTS would"
    " keep what it finds"
)
OTHERWISE = "the pending migrations ran, and this is not what they build: look for IF NOT EXISTS"
UNASKED = "no pending migration changes it"

_NONE = Remedy()
_UNKNOWN = Remedy(hint="a migration that makes it, marked as applied; or drop it")
_EXPECTED = "as the pending migrations have it"
_COMING = "a pending migration is to make it, and the trial tells whether it does"
_AHEAD = "as a pending migration will have it"


@dataclass(frozen=True)
class Change:
    """What a database declares, and what its migrations make of an empty one.

    :param applied: what those build that ran before.
    :param whole: what they build together with those that are pending, or were.
    :param after: in front of the pending ones, the same as before.
    :param strict: another name of the same constraint or index matters.
    :param on_top: the migrations are not known to build all of it: drift cannot be told.
    """

    applied: Catalog
    whole: Catalog
    before: Catalog
    after: Catalog
    strict: bool = False
    on_top: bool = False


@dataclass(frozen=True)
class Line:
    """A finding.

    :param places: what it is about.
    """

    text: str
    places: tuple[Difference, ...]
    remedy: Remedy = _NONE


@dataclass(frozen=True)
class Judged:
    """What is to be said of one object.

    :param findings: by the words at their end.
    :param doubtful: the places that findings and notes of drift are about.
    """

    findings: dict[str, tuple[Line, ...]]
    notes: tuple[str, ...]
    doubtful: tuple[Difference, ...]


def ahead(identity: str, change: Change) -> Judged:
    """Return in what an object is not what the ledger says, in front of the pending migrations.

    What is there as a pending migration will have it is a note: that one finds its work done, or
    fails in the trial.  What is there in its place, and otherwise, is a finding; what is not there
    yet, beside what is, may still be made.
    """
    between = partial(_between, identity, strict=change.strict)
    ran, whole = (between(one, change.before) for one in (change.applied, change.whole))
    coming = between(change.applied, change.whole).places
    done = [one for one in ran.places if not _touches(one, whole.places)]
    rest = [one for one in ran.places if one not in done]
    blocking = _touching(rest, [one for one in coming if not _is_gone(one)])
    drift = [one for one in rest if one not in blocking]
    otherwise = _touching(whole.places, blocking)
    lacking = [one for one in otherwise if one.part and _is_gone(one)]
    in_the_way = [one for one in otherwise if one not in lacking]
    here = "in the target", "not in the target"
    met = *here, "in no migration that ran"
    findings = {
        DRIFT: tuple(map(_kept, _held_against(ran, drift, *met))),
        IN_THE_WAY: _held_against(whole, in_the_way, *here),
    }
    return Judged(
        {words: lines for words, lines in findings.items() if lines},
        (
            *(f"{lineage.against(*one, *met)}: {_AHEAD}" for one in telling.together(done)),
            *(f"{lineage.against(*one, *here)}: {_COMING}" for one in telling.together(lacking)),
            *(_noted(note, here[0]) for note in ran.found.notes),
        ),
        (*rest, *otherwise),
    )


def afterwards(identity: str, change: Change) -> Judged:
    """Return in what an object is not what the pending migrations should have made of it.

    Drift that was there before, and that they do not touch, is a note, where it can be told.
    """
    between = partial(_between, identity, strict=change.strict)
    moved, whole = (between(one, change.after) for one in (change.before, change.whole))
    asked = between(change.applied, change.whole).places
    wrong = _touching(whole.places, asked)
    rest = [one for one in moved.places if not _touches(one, wrong)]
    unasked = [
        one
        for one in rest
        if _touches(one, whole.places) or (_is_gone(one) and not _touches(one, asked))
    ]
    expected = [one for one in rest if one not in unasked]
    still = [one for one in whole.places if not _touches(one, (*wrong, *moved.places))]
    still = [] if change.on_top else still
    findings = {
        OTHERWISE: _held_against(whole, wrong, "after", "not after"),
        UNASKED: _told(moved, unasked),
    }
    return Judged(
        {words: lines for words, lines in findings.items() if lines},
        (
            *(f"{line}: {_EXPECTED}" for line, _ in telling.together(expected)),
            *moved.found.notes,
            *lineage.drift_of_both(still),
        ),
        (*wrong, *unasked, *still),
    )


@dataclass(frozen=True)
class _Compared:
    """Two declarations, and every place at which they differ."""

    found: Differences
    places: tuple[Difference, ...]


def _between(identity: str, one: Catalog, other: Catalog, *, strict: bool) -> _Compared:
    was, now = one.object(identity), other.object(identity)
    known = was or now
    if known is None:
        return _Compared(Differences(), ())
    found = differences.between(identity, one, other, strict=strict)
    briefly = Difference(
        identity, known.kind, "", "", (), was and was.attributes, now and now.attributes
    )
    places: list[Difference] = []
    for at in range(len(found.findings)):
        # What is missing with its schema or its table is told without a place.
        places += found.details[at].places if at < len(found.details) else (briefly,)
    return _Compared(found, tuple(places))


def _touching(places: Iterable[Difference], others: Iterable[Difference]) -> list[Difference]:
    others = tuple(others)
    return [one for one in places if _touches(one, others)]


def _touches(one: Difference, others: Iterable[Difference]) -> bool:
    """Whether a place is one of others, a part of one, or has one in it."""
    return any(_is_whole(one) or _is_whole(other) or _meet(one, other) for other in others)


def _is_whole(one: Difference) -> bool:
    return not one.part and one.key in ((), ("kind",))


def _meet(one: Difference, other: Difference) -> bool:
    if one.part != other.part:
        return False
    shared = min(len(one.key), len(other.key))
    return one.key[:shared] == other.key[:shared] if one.name == other.name else _same(one, other)


def _same(one: Difference, other: Difference) -> bool:
    """Whether the same constraint or index is gone or new in both, under two names."""
    definitions = [
        {value["definition"] for value in (found.before, found.after) if _is_defined(value)}
        for found in (one, other)
    ]
    return not (one.key or other.key) and bool(definitions[0] & definitions[1])


def _is_defined(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("definition"), str)


def _is_gone(one: Difference) -> bool:
    return not one.key and one.after is None


def _held_against(found: _Compared, places: Iterable[Difference], *words: str) -> tuple[Line, ...]:
    """Return what differs from the migrations, in words about them and the target.

    A statement that would mend it is one; an archive has nothing that was never there.
    """
    return tuple(
        replace(
            one,
            text=lineage.against(one.text, one.places, *words),
            remedy=replace(one.remedy, hint=""),
        )
        for one in _told(found, places)
    )


def _told(found: _Compared, places: Iterable[Difference]) -> tuple[Line, ...]:
    remedies = {
        finding: detail.remedy
        for finding, detail in zip(found.found.findings, found.found.details, strict=False)
    }
    return tuple(
        Line(text, ones, remedies.get(text, _NONE)) for text, ones in telling.together(places)
    )


def _noted(note: str, here: str) -> str:
    """Return a note about the migrations and the target, made of one about before and after."""
    built = "by the migrations"
    for was, now, words in (("before", "after", (built, here)), ("after", "before", (here, built))):
        one, found, other = note.rpartition(f" {was}, ")
        if found and other.endswith(f" {now}"):
            return f"{one} {words[0]}, {other.removesuffix(now)}{words[1]}"
    return f"{note.removesuffix('after')}{here}" if note.endswith(" after") else note


def _kept(line: Line) -> Line:
    """Return a finding without the advice to drop what somebody has made."""
    return line if line.places[0].before is not None else replace(line, remedy=_UNKNOWN)
