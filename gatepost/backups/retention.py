"""Which backups are kept, and why?  A rule over manifests; nothing is looked at and none removed.

Of each database the newest good one of so many days, weeks, months and years is kept, counted over
those that have one: where no backups come any more, none goes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.backups.manifest import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.settings import Keep

LAST = "the last good one"
UNKNOWN = "nobody can tell of when it is: look at it"
UNREPLACED = "no newer one is good"


@dataclass(frozen=True)
class Decision:
    """What becomes of one backup.

    :param kept: the reasons; none at all if it goes.
    :param goes: why it may; empty if it is kept.
    :param instead: what is kept in its place: these had better be whole.
    """

    backup: Stored
    kept: tuple[str, ...]
    goes: str = ""
    instead: tuple[Stored, ...] = ()


# A length of time, and what a moment's own one is called.
_PERIODS = {
    "daily": "%Y-%m-%d",
    "weekly": "week %G-W%V",
    "monthly": "%Y-%m",
    "yearly": "%Y",
}


@dataclass(frozen=True)
class _Dated:
    """A backup and its time, in UTC.

    :param periods: the day, the week, the month and the year that it is of.
    """

    backup: Stored
    moment: float
    periods: tuple[str, ...]


def decide(stored: Iterable[Stored], keep: Keep) -> tuple[Decision, ...]:
    """Return what becomes of each backup, in the order of ``stored``.

    One that is not good takes nobody's place, and is kept until a newer one is good.
    """
    known = tuple(stored)
    dated = {one.name: _dated(one, one.at) for one in known if one.at is not None}
    good: dict[tuple[str, str], list[_Dated]] = defaultdict(list)
    for one in sorted(dated.values(), key=lambda one: (-one.moment, one.backup.name)):
        if one.backup.good:
            good[one.backup.of].append(one)
    kept = {of: _kept(ones, keep) for of, ones in good.items()}
    return tuple(
        _decision(dated[one.name], good[one.of], kept.get(one.of, {}))
        if one.name in dated
        else Decision(one, (UNKNOWN,))
        for one in known
    )


def _kept(good: Sequence[_Dated], keep: Keep) -> dict[str, list[str]]:
    """Return why each is kept that is, by name.

    :param good: of one database, newest first.
    """
    why: dict[str, list[str]] = defaultdict(list)
    why[good[0].backup.name].append(LAST)
    for at, period in enumerate(_PERIODS):
        newest: dict[str, Stored] = {}
        for one in good:
            newest.setdefault(one.periods[at], one.backup)
        for when, backup in list(newest.items())[: getattr(keep, period)]:
            why[backup.name].append(f"{period}: the newest of {when}")
    return why


def _decision(one: _Dated, good: Sequence[_Dated], kept: dict[str, list[str]]) -> Decision:
    backup, newest = one.backup, good[0] if good else None
    if not backup.good:
        if newest is None or newest.moment <= one.moment:
            return Decision(backup, (UNREPLACED,))
        why = f"{backup.trouble}, and {newest.backup.name} is good"
        return Decision(backup, (), why, (newest.backup,))
    if backup.name in kept:
        return Decision(backup, tuple(kept[backup.name]))
    # Of each period only the newest stands for the others.
    first = (
        next(other for other in good if other.periods[at] == one.periods[at])
        for at in range(len(_PERIODS))
    )
    instead = {other.backup.name: other.backup for other in (good[0], *first)}
    staying = tuple(other for name, other in instead.items() if name in kept)
    return Decision(backup, (), "newer ones are kept for its time", staying)


def _dated(backup: Stored, at: dt.datetime) -> _Dated:
    utc = at.astimezone(dt.UTC)
    return _Dated(backup, utc.timestamp(), tuple(utc.strftime(form) for form in _PERIODS.values()))
