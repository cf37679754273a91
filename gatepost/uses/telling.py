"""What is said of what still uses something that a pending migration takes away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import guards
from gatepost.linting.running import path
from gatepost.statements import bare
from gatepost.told import Told
from gatepost.uses import asked, bodies, dependents
from gatepost.uses.asked import Known
from gatepost.uses.bodies import Body
from gatepost.uses.dependents import Dependent
from gatepost.uses.mentions import Reader
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.uses.taken import Taken

# Users of one thing that a report names.
_NAMED = 10
_STATEMENTS = 3
_ACTS = {
    "drops": "drops it",
    "renames": "renames it",
    "moves": "moves it to another schema",
    "retypes": "changes its type",
}


def of(settings: Settings, side: Side, taken: Taken) -> Told:
    """Return what still uses something.

    What the server knows to need it keeps a migration from running, or goes with it unsaid; a body
    that names it fails when it is called.  Statements that were asked are a finding where the
    project migrates in phases, since what contract drops no release may ask for; else a note: the
    release that asked for it may be the one that goes.

    :param side: the database that is to be migrated.

    Three queries of the catalog a run, whatever is dropped.
    """
    found = [*_needed(side, taken), *_named(side, taken)]
    past, notes = _asked(settings, side, taken)
    if settings.phase:
        found += past
    else:
        notes = [*past, *notes]
    if found and guards.are_met(side.connection, taken.place.conditions, path(settings)) is False:
        why = f"its block in {taken.place} asks first, and as things are it does nothing"
        return Told((), (*(f"{one}; {why}" for one in found), *notes))
    return Told(tuple(found), tuple(notes))


def _needed(side: Side, taken: Taken) -> Iterator[str]:
    known = side.store.once(
        f"{side.label} dependents",
        tuple[Dependent, ...],
        lambda: dependents.read(side.connection),
    )
    left = dependents.left(known, taken)
    if not left:
        return
    subject, users = f"{taken.kind} {taken.name}", _listed(left)
    if taken.cascade:
        way = f"{taken.place} says CASCADE: drop by name what is meant to go"
        yield f"{subject}: what needs it goes with it: {users}; {way}"
    else:
        way = f"{_does(taken)}, will fail: drop or change that first"
        yield f"{subject}: {users} {_verb(left)} it: {way}"


def _named(side: Side, taken: Taken) -> Iterator[str]:
    if taken.is_back or taken.act == "retypes":
        return
    known = side.store.once(
        f"{side.label} bodies", tuple[Body, ...], lambda: bodies.read(side.connection)
    )
    found = list(bodies.naming(known, taken, side.catalog))
    if found:
        way = f"will fail after {_does(taken)}: change that in the same migration"
        users = f"{_listed(found)} {_verb(found, 'name')} it in the body"
        yield f"{taken.kind} {taken.name}: {users}, and {way}"


def _does(taken: Taken) -> str:
    return f"{taken.place}, which {_ACTS[taken.act]}"


def _asked(settings: Settings, side: Side, taken: Taken) -> tuple[list[str], list[str]]:
    """Return what is said of statements that were asked, and what is not known of them."""
    if taken.is_back or taken.act == "retypes" or taken.kind in ("type", "domain", "schema"):
        return [], []
    known = side.store.once(
        f"{side.label} asked", Known, lambda: asked.read(side.connection, settings)
    )
    subject = f"{taken.kind} {taken.name}"
    if known.unknown and taken.kind not in ("table", "column"):
        return [], []
    if known.unknown:
        return [], [f"{subject}: whether applications ask for it is not known: {known.unknown}"]
    hidden = _hidden(subject, known)
    reader = Reader(side.catalog, path(settings))
    found = [one for one in known.asked if bodies.names(reader.sql(one.text), taken)]
    if not found:
        return hidden, []
    some = "; ".join(
        f"{bare(one.text)} ({counted(one.calls, 'call')})" for one in found[:_STATEMENTS]
    )
    said = (
        f"{subject}: {counted(len(found), 'statement')} asked for it since pg_stat_statements was"
        f" reset: {some}: run the release that does without it, reset, and ask again"
    )
    return [said, *hidden], []


def _hidden(subject: str, known: Known) -> list[str]:
    if not known.hidden:
        return []
    calls = counted(known.hidden, "call")
    said = (
        f"{subject}: whether applications ask for it is not known: {calls} of theirs"
        " pg_stat_statements hides from our role: grant pg_read_all_stats to it"
    )
    return [said]


def _listed(users: Iterable[object]) -> str:
    named = [str(one) for one in users]
    rest = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
    return f"{', '.join(named[:_NAMED])}{rest}"


def _verb(users: tuple[object, ...] | list[Body], verb: str = "need") -> str:
    return f"{verb}s" if len(users) == 1 else verb
