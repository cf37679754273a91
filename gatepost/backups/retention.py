"""Which backups are kept, and why?  A rule over manifests; nothing is looked at and none removed.

Of each database the newest good one of so many days, weeks, months and years is kept, counted over
those that have one: where no backups come any more, none goes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.backups.manifest import Stored

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class _Period:
    """A length of time, and what one such is called."""

    name: str
    of: Callable[[dt.datetime], str]


_PERIODS = (
    _Period("daily", lambda at: f"{at:%Y-%m-%d}"),
    _Period("weekly", lambda at: f"week {at:%G-W%V}"),
    _Period("monthly", lambda at: f"{at:%Y-%m}"),
    _Period("yearly", lambda at: f"{at:%Y}"),
)


def decide(stored: Iterable[Stored], keep: Keep) -> tuple[Decision, ...]:
    """Return what becomes of each backup, in the order of ``stored``.

    One that is not good takes nobody's place, and is kept until a newer one is good.
    """
    known = tuple(stored)
    good: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for one in sorted(known, key=lambda one: one.name):
        if one.good and one.at is not None:
            good[one.of].append(one)
    kept: dict[tuple[str, str], dict[str, list[str]]] = {}
    for of, ones in good.items():
        ones.sort(key=_moment, reverse=True)
        kept[of] = _kept(ones, keep)
    return tuple(_decision(one, good[one.of], kept.get(one.of, {})) for one in known)


def _kept(good: Sequence[Stored], keep: Keep) -> dict[str, list[str]]:
    """Return why each is kept that is, by name.

    :param good: of one database, newest first.
    """
    why: dict[str, list[str]] = defaultdict(list)
    why[good[0].name].append(LAST)
    for period in _PERIODS:
        newest: dict[str, Stored] = {}
        for one in good:
            newest.setdefault(period.of(_utc(one)), one)
        for when, one in list(newest.items())[: getattr(keep, period.name)]:
            why[one.name].append(f"{period.name}: the newest of {when}")
    return why


def _decision(backup: Stored, good: Sequence[Stored], kept: dict[str, list[str]]) -> Decision:
    if backup.at is None:
        return Decision(backup, (UNKNOWN,))
    if not backup.good:
        if not good or _moment(good[0]) <= _moment(backup):
            return Decision(backup, (UNREPLACED,))
        return Decision(backup, (), f"{backup.trouble}, and {good[0].name} is good", (good[0],))
    if backup.name in kept:
        return Decision(backup, tuple(kept[backup.name]))
    beside = [one for one in good[1:] if one.name in kept and _shares(one, backup)]
    return Decision(backup, (), "newer ones are kept for its time", (good[0], *beside))


def _shares(one: Stored, other: Stored) -> bool:
    """Whether two backups are of one day, week, month or year."""
    return any(period.of(_utc(one)) == period.of(_utc(other)) for period in _PERIODS)


def _utc(backup: Stored) -> dt.datetime:
    assert backup.at is not None  # of these it is known
    return backup.at.astimezone(dt.UTC)


def _moment(backup: Stored) -> float:
    return _utc(backup).timestamp()
