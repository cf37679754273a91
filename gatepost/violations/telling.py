"""What is said of rows that break what a pending migration demands?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from gatepost.linting import guards
from gatepost.mapping import failures
from gatepost.parity import shown
from gatepost.told import Told
from gatepost.violations import asking, counting, probing
from gatepost.violations.claims import Against, Becoming, Pointing, Shared
from gatepost.violations.types import TEXT
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.session import Session
    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.violations.claims import Claim
    from gatepost.violations.found import Found

_LEFT = "the trial on a clone will tell"
_WAY = "mend them first, or in a statement before it"


def of(session: Session, claim: Claim) -> Told:
    """Return what is wrong with the rows that are there, seen from a pending migration.

    A finding is what will fail, or leave the database other than the migration says.  What cannot
    be known before it runs is a note.
    """
    claims = [one.subject for one in session.plan.of("violations")]
    return told(session.settings, session.before, claim, claims)


def told(settings: Settings, side: Side, claim: Claim, claims: Sequence[Any]) -> Told:
    """Return what `of` returns.

    :param side: the database that is to be migrated.
    :param claims: of the plan, so that what is asked of one table is asked at once.
    """
    table = claim.shape.relation
    if claim.missing:
        said = f"{table}: {', '.join(claim.missing)}"
        return _weighed(side, claim, said, way="a migration before it has to make it")
    try:
        found = _found(side, claim, claims)
    except probing.OF_ROWS as error:
        return _weighed(side, claim, f"{table} ({claim.said}): {failures.said(error)}")
    except probing.NOT_YET as error:
        if isinstance(error, psycopg.errors.UndefinedFunction) and (unlike := _unlike(claim)):
            return _weighed(side, claim, unlike, way="give both ends one type")
        return _unasked(claim, failures.said(error))
    except asking.TooDear:
        found = None
    if found is None:
        return _unasked(claim, "not counted")
    return _counted(settings, side, claim, found)


def _found(side: Side, claim: Claim, claims: Sequence[Any]) -> Found | None:
    if claim.shape.live is None:  # its rows are those that a pending migration makes
        return None
    known = side.store.once(
        f"{side.label} violations",
        dict[str, tuple[int, int]],
        lambda: counting.by_row(side.connection, claims),
    )
    return counting.count(side.connection, claim, side.catalog, known.get(claim.subject))


def _counted(settings: Settings, side: Side, claim: Claim, found: Found) -> Told:
    facts = {"demanded by": str(claim.place), "rows": found.rows, "of": found.among}
    if not found.rows and not claim.leaves_nulls:
        return Told((), facts=facts)
    culprits = _culprits(settings, claim, found)
    what = _what(claim, found)
    return _weighed(side, claim, f"{what}: {culprits}" if culprits else what, facts=facts)


def _weighed(side: Side, claim: Claim, said: str, *, way: str = "", facts: object = None) -> Told:
    """Return what is said as a finding, or as a note where it may not come to it."""
    if claim.kept:
        told = f"{said}; {claim.kept}"
        if claim.leaves_nulls:
            return Told((f"{told}: alter it in a statement of its own",), facts=facts)
        return Told((), (told,), facts)
    if claim.doubt:
        note = f"{said}; {claim.doubt} may change that before {claim.place} asks: {_LEFT}"
        return Told((), (note,), facts)
    if guards.are_met(side.connection, claim.place.conditions, claim.path) is False:
        note = f"{said}; the block of {claim.place} asks first, and as things are it adds nothing"
        return Told((), (note,), facts)
    return Told((f"{said}; {_fails(claim)}: {way or _WAY}",), facts=facts)


def _unasked(claim: Claim, why: str) -> Told:
    return Told((), (f"{claim.subject}, which {claim.place} demands: {why}: {_LEFT}",))


def _unlike(claim: Claim) -> str:
    """Return which two columns of a foreign key nothing compares; empty where types are new."""
    if not isinstance(claim.test, Pointing):
        return ""
    test = claim.test
    for mine, other in zip(test.columns, test.parent_columns, strict=True):
        ours, theirs = claim.shape.columns.get(mine), test.parent.columns.get(other)
        if ours and theirs and ours.type != theirs.type and TEXT not in (ours.type, theirs.type):
            return (
                f"{claim.shape.relation}.{mine} is {ours.type}, {test.parent.relation}.{other}"
                f" {theirs.type}, which nothing compares"
            )
    return ""


def _what(claim: Claim, found: Found) -> str:
    """Return what is wrong with how many rows."""
    table, test = claim.shape.relation, claim.test
    rows = _number(found)
    if isinstance(test, Against) and claim.kind == "check":
        return f"{table}: {rows} against {claim.said}"
    if isinstance(test, Against):
        return f"{table}.{claim.said}: {test.words.replace('{rows}', rows)}"
    if isinstance(test, Shared):
        noun = "value" if len(test.keys) == 1 else "key"
        return f"{table} ({claim.said}): {rows} share {counted(found.groups, noun)}"
    if isinstance(test, Pointing):
        verb = "points" if found.rows == 1 else "point"
        to = f"{test.parent.relation} ({', '.join(test.parent_columns)})"
        return f"{table} ({', '.join(test.columns)}): {rows} {verb} to no {to}"
    if isinstance(test, Becoming):
        return f"{table}.{claim.said}: {rows} cannot become {test.type}: {found.said}"
    return f"{table}: {rows} exclude each other by {claim.said}"


def _number(found: Found) -> str:
    at_least = "at least " if found.more and not found.groups else ""
    if found.among < 0:
        return f"{at_least}{counted(found.rows, 'row')}"
    return f"{at_least}{found.rows:,} of {counted(found.among, 'row')}"


def _culprits(settings: Settings, claim: Claim, found: Found) -> str:
    """Return the keys of some rows, masked columns as digests."""
    live = claim.shape.live
    if live is None or not found.keys:
        return ""
    table = str(live.relation)
    masked = settings.masked(table)
    names = claim.shape.names
    keys = [shown.key(names, key, masked) for key in found.keys]
    if isinstance(claim.test, Shared):
        keys = _paired(settings, claim, found, keys)
    rest = ", …" if found.more or found.rows > len(found.keys) else ""
    return f"{'; '.join(keys)}{rest}"


def _paired(settings: Settings, claim: Claim, found: Found, keys: list[str]) -> list[str]:
    """Return the keys of rows two by two, with the value that they share where it may be told."""
    assert isinstance(claim.test, Shared)  # of these the keys come in pairs
    assert claim.shape.live is not None  # it has rows
    table = str(claim.shape.live.relation)
    plain, shown_ones = claim.test.plain, set(settings.rule(table).show) - settings.masked(table)
    may_show = len(plain) == len(claim.test.keys) and set(plain) <= shown_ones
    pairs = []
    for at, value in enumerate(found.values):
        pair = f"{keys[2 * at]} and {keys[2 * at + 1]}"
        pairs.append(f"{pair} by {shown.key(plain, value, ())}" if may_show else pair)
    return pairs


def _fails(claim: Claim) -> str:
    """Return what comes of it."""
    swallowed = set(claim.place.swallows) - {"duplicate_object", "duplicate_table"}
    if swallowed:
        caught = ", ".join(sorted(swallowed))
        return f"{claim.place} will not add it, and hides that (EXCEPTION WHEN {caught})"
    return f"{claim.place} will fail"
