"""How do two dates, times or intervals differ?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Zones differ by quarters of an hour, and the two furthest by 26 hours.
_QUARTER = 15 * MINUTE
_FURTHEST = 26 * HOUR
# A moment that was in a double of seconds, or of days, is off by some of these.
_FEW = 100
_CENTURY = 100

_DATE = r"(?P<year>\d{4,})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?"
_ZONE = r"(?P<zone>[+-]\d\d(?::\d\d){0,2})?"
_MOMENT = re.compile(rf"(?:{_DATE})?[ T]?(?:{_TIME})?{_ZONE}(?P<bc> BC)?")
_INTERVAL = re.compile(
    r"(?:(?P<years>[+-]?\d+) years? ?)?(?:(?P<months>[+-]?\d+) mons? ?)?"
    r"(?:(?P<days>[+-]?\d+) days? ?)?(?:(?P<sign>[+-])?(?P<hours>\d+):(?P<minutes>\d\d):"
    r"(?P<seconds>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?"
)
_PLACEHOLDERS = (
    *("1970-01-01", "0001-01-01", "1900-01-01", "1601-01-01", "1899-12-30"),
    *("2000-01-01", "9999-12-31"),
)
_MIDNIGHT = re.compile(r"( 00:00:00)?([+-]00)?")
_UNITS = (
    (1_000, "milliseconds"),
    (10 * 1_000, "hundredths of a second"),
    (SECOND, "seconds"),
    (MINUTE, "minutes"),
    (HOUR, "hours"),
    (DAY, "days"),
)


@dataclass(frozen=True)
class Moment:
    """A date, a time, or both, as it is written.

    :param year: 0 for 1 BC, -1 for 2 BC; None where there is only a time.
    :param time: microseconds since midnight.
    :param zone: as written: `+00`; empty where none is.
    """

    year: int | None
    month: int
    day: int
    time: int
    zone: str

    @property
    def absolute(self) -> int:
        """Microseconds since 1970 in UTC, or since midnight."""
        return _days(self.year, self.month, self.day) * DAY + self.time - _offset(self.zone)


def word(text: str) -> str:
    """Return what a moment that stands for nothing, or for no end, is called."""
    if text in ("infinity", "-infinity"):
        return text
    head, rest = text[:10], text[10:]
    if head in _PLACEHOLDERS and _MIDNIGHT.fullmatch(rest):
        return head
    return "00:00:00" if text in ("00:00:00", "00:00:00+00") else A_VALUE


def word_of_intervals(text: str) -> str:
    """Return what an interval of no length is called."""
    return "0" if text == "00:00:00" else A_VALUE


def told(pair: Pair) -> Difference:
    """Return how two dates, timestamps or times differ."""
    was, now = parsed(pair.was), parsed(pair.now)
    if was is None or now is None:
        return contrast(pair, word) or Difference(ANOTHER, pair.place)
    if kind := _first(_OF_LENGTH, was, now):
        return Difference(kind)
    if standin := contrast(pair, word):
        return standin
    if kind := _first(_OF_PARTS, was, now):
        return Difference(kind)
    return Difference(ANOTHER, _part(was, now))


def _first(recognisers: Iterable[_Recogniser], was: Moment, now: Moment) -> str | None:
    return next((kind for one in recognisers if (kind := one(was, now))), None)


def told_of_intervals(pair: Pair) -> Difference:
    """Return how two intervals differ."""
    was, now = _interval(pair.was), _interval(pair.now)
    if was is None or now is None:
        return Difference(ANOTHER, pair.place)
    if was == now:
        return Difference("interval written another way")
    return contrast(pair, word_of_intervals) or _of_intervals(was, now)


def _of_intervals(was: tuple[int, int, int], now: tuple[int, int, int]) -> Difference:
    if now == tuple(-part for part in was):
        return Difference("sign flipped")
    if _total(was) == _total(now):
        return Difference("interval normalised", _unit(was, now))
    if was[:2] == now[:2]:
        kind = _cut(Moment(None, 1, 1, was[2], ""), Moment(None, 1, 1, now[2], ""))
        return Difference(kind or _stepped(now[2] - was[2]) or ANOTHER, "time")
    return Difference(ANOTHER, _unit(was, now))


def shift(before: str, after: str) -> int | None:
    """Return by how many microseconds a moment moved; None where one of the two is none."""
    was, now = parsed(before), parsed(after)
    return None if was is None or now is None else now.absolute - was.absolute


def moved(microseconds: int) -> str:
    """Return `moved by +3:00:00`, `moved by -1 day`, `moved by +17 days 3:00:00`."""
    days, rest = divmod(abs(microseconds), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    tail = f".{fraction:06d}".rstrip("0") if fraction else ""
    clock = f"{hours}:{minutes:02d}:{seconds:02d}{tail}"
    told_days = f"{days:,} day{'' if days == 1 else 's'}" if days else ""
    if microseconds % DAY == 0:
        clock = ""
    sign = "-" if microseconds < 0 else "+"
    return f"moved by {sign}{' '.join(part for part in (told_days, clock) if part)}"


def parsed(text: str) -> Moment | None:
    """Return the moment that a text in ISO style names, if it names one."""
    match = _MOMENT.fullmatch(text)
    if match is None or not (match["year"] or match["hour"]):
        return None
    year = int(match["year"]) if match["year"] else None
    if year is not None and match["bc"]:
        year = 1 - year
    return Moment(
        year, int(match["month"] or 1), int(match["day"] or 1), _clock(match), match["zone"] or ""
    )


def _clock(match: re.Match[str], names: tuple[str, ...] = ("hour", "minute", "second")) -> int:
    hours, minutes, seconds = (int(match[name] or 0) for name in names)
    fraction = int((match["fraction"] or "").ljust(6, "0"))
    return hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction


def _days(year: int | None, month: int, day: int) -> int:
    """Return days since 1970; counted here, since Python's dates end with the year 9999.

    A year that begins in March has its leap day last, and 400 of them have 146,097 days.
    """
    if year is None:
        return 0
    era, of_era = divmod(year - (month <= 2), 400)  # noqa: PLR2004 - January and February
    of_year = (153 * ((month - 3) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _offset(zone: str) -> int:
    if not zone:
        return 0
    parts = [int(part) for part in zone[1:].split(":")]
    east = sum(part * unit for part, unit in zip(parts, (HOUR, MINUTE, SECOND), strict=False))
    return -east if zone[0] == "-" else east


def _zone(was: Moment, now: Moment) -> str | None:
    if was.zone == now.zone:
        return None
    if replace(was, zone="") == replace(now, zone=""):
        if not now.zone or not was.zone:
            return "time zone lost" if was.zone else "time zone new"
        return "another time zone, the same clock"
    return "another time zone, the same moment" if was.absolute == now.absolute else None


def _eras(was: Moment, now: Moment) -> str | None:
    """The year alone is another, in a way that programs do it."""
    if was.year is None or now.year is None or was.year == now.year:
        return None
    if replace(was, year=now.year) != now:
        return None
    if now.year == 1 - was.year:
        return "BC lost" if was.year <= 0 else "BC gained"
    if now.year < _CENTURY <= was.year and now.year == was.year % _CENTURY:
        return "two-digit year"
    if (now.year - was.year) % _CENTURY == 0:
        return "another century"
    return "another year" if abs(now.year - was.year) > 1 else _signed_year(now.year - was.year)


def _signed_year(years: int) -> str:
    return f"moved by {years:+d} year"


def _order(was: Moment, now: Moment) -> str | None:
    """Day and month changed places, as between 03/04 and 04/03."""
    if was.month != was.day and replace(was, month=was.day, day=was.month) == now:
        return "day and month swapped"
    return None


def _steps(was: Moment, now: Moment) -> str | None:
    if was.year is None and abs(now.time - was.time) == DAY:
        return "24:00:00 before, 00:00:00 after" if was.time else "00:00:00 before, 24:00:00 after"
    return _stepped(now.absolute - was.absolute)


def _stepped(difference: int) -> str | None:
    size = abs(difference)
    for unit, name in ((1, "1 microsecond"), (1_000, "1 millisecond"), (SECOND, "1 second")):
        if size == unit:
            return name
    return "a few microseconds" if 0 < size < _FEW else None


def _cut(was: Moment, now: Moment) -> str | None:
    """Cut or rounded to a unit, the date as it was or as rounding carries it."""
    if (was.year is None) != (now.year is None):
        return None
    for unit, name in _UNITS:
        if was.absolute % unit == 0 or now.absolute % unit:
            continue
        if now.absolute == was.absolute // unit * unit:
            return f"cut to {name}" if unit < DAY else "time of day lost"
        if unit <= SECOND and now.absolute == (was.absolute + unit // 2) // unit * unit:
            return f"rounded to {name}"
    return None


def _shifted(was: Moment, now: Moment) -> str | None:
    difference = now.absolute - was.absolute
    if was.year is None or now.year is None:
        # A clock goes round: 23:00 and three hours are 2:00.
        difference = (difference + DAY // 2) % DAY - DAY // 2
    if abs(difference) == DAY or (difference % _QUARTER == 0 and abs(difference) <= _FURTHEST):
        return moved(difference) if difference else None
    return None


def _part(was: Moment, now: Moment) -> str:
    """Return the largest part that differs."""
    for name in ("year", "month", "day"):
        if getattr(was, name) != getattr(now, name):
            return name
    return "time"


def _interval(text: str) -> tuple[int, int, int] | None:
    """Return the months, days and microseconds that an interval is kept as."""
    match = _INTERVAL.fullmatch(text)
    if match is None or not text:
        return None
    time = _clock(match, ("hours", "minutes", "seconds"))
    months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    return months, int(match["days"] or 0), -time if match["sign"] == "-" else time


def _total(interval: tuple[int, int, int]) -> int:
    """Return microseconds, as PostgreSQL compares: a month has 30 days, a day 24 hours."""
    months, days, time = interval
    return (months * 30 + days) * DAY + time


def _unit(was: tuple[int, int, int], now: tuple[int, int, int]) -> str:
    names = ("months", "days", "time")
    return next(name for name, a, b in zip(names, was, now, strict=True) if a != b)


_Recogniser: TypeAlias = "Callable[[Moment, Moment], str | None]"
_OF_LENGTH: tuple[_Recogniser, ...] = (_zone, _steps, _cut, _shifted)
_OF_PARTS: tuple[_Recogniser, ...] = (_eras, _order)
