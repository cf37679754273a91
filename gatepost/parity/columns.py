"""What kind of damage was done to a column?  A pure function of its census on either side."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from gatepost.parity.census import Census, bare
from gatepost.wording import counted

if TYPE_CHECKING:
    from decimal import Decimal


def damage(was: Census, now: Census) -> tuple[str, ...]:
    """Return what happened to a column whose digests differ, in words.  Pure.

    Never nothing, but where rows are missing or new and nothing else can be seen: which rows, is
    for `rows` to say, and every column of the table would only repeat it.
    """
    now = _as_far_as(was, now)
    said = [*_nulls(was, now), *_text(was, now), *_moments(was, now)]
    if not said:
        said = _distribution(was, now)
    if not said and was.rows == now.rows:
        said.append(_otherwise(was, now))
    return tuple(said)


def _as_far_as(was: Census, now: Census) -> Census:
    """Return ``now`` without what ``was``, which may be an older record, does not tell."""
    if was.first is None:
        now = bare(now)
    if was.distinct is None:
        now = replace(now, distinct=None)
    return now if was.domain else replace(now, domain=())


def _nulls(was: Census, now: Census) -> list[str]:
    gained, lost = now.nulls - was.nulls, was.nulls - now.nulls
    rows = counted(was.rows, "row")
    told = f"NULL in {was.nulls:,} of {rows} before, {now.nulls:,} of {now.rows:,} after"
    if was.rows != now.rows:
        return []
    if lost > 0 and now.empties - was.empties == lost:
        return [f"NULL became '' in {counted(lost, 'row')} ({told})"]
    if lost > 0 and now.zeros - was.zeros == lost:
        return [f"NULL became 0 in {counted(lost, 'row')} ({told})"]
    if gained > 0 and was.empties - now.empties == gained:
        return [f"'' became NULL in {counted(gained, 'row')} ({told})"]
    if gained > 0:
        return [f"{counted(gained, 'value')} became NULL ({told})"]
    return [f"NULL became a value in {counted(lost, 'row')} ({told})"] if lost > 0 else []


def _text(was: Census, now: Census) -> list[str]:
    grown = {
        "replaced": "hold U+FFFD, which stands for a character that was lost",
        "mojibake": "are mojibake: UTF-8 that was read as Latin-1",
        "escaped": "hold a backslash and a letter where a newline or a tab stood",
        "doubled": "hold doubled backslashes",
        "questions": "hold '??' where there may have been characters",
        "blanks": "end in a blank",
    }
    said = []
    for name, words in grown.items():
        before, after = getattr(was, name), getattr(now, name)
        if after > before:
            said.append(
                f"{after - before:,} values more {words} ({before:,} before, {after:,} after)"
            )
    # Of texts that became NULL nothing was cut and no letter lost: that they did is told.
    as_many = (was.rows, was.nulls) == (now.rows, now.nulls)
    if now.longest < was.longest and as_many and now.length < was.length:
        said.append(f"cut at {now.longest:,} characters: the longest had {was.longest:,}")
    if now.foreign < was.foreign and as_many:
        said.append(f"{was.foreign:,} values with non-ASCII text before, {now.foreign:,} after")
    if now.lower != was.lower and now.length == was.length and was.rows == now.rows and not said:
        said.append("upper and lower case changed")
    return said


def _moments(was: Census, now: Census) -> list[str]:
    said = []
    if now.epochs_zero > was.epochs_zero:
        said.append(
            f"{counted(now.epochs_zero - was.epochs_zero, 'value')} became 1970-01-01 00:00"
        )
    counts = was.rows - was.nulls, now.rows - now.nulls
    if was.first is None and counts[0] == counts[1] and now.epoch != was.epoch and not said:
        moved = now.epoch - was.epoch
        each = round(moved / counts[0], 6)
        return [f"moments moved: by {_interval(moved)} in all, {_interval(each)} on the average"]
    if was.first is None or now.first is None or was.last is None or now.last is None:
        return said
    shift = now.first - was.first
    if counts[0] == counts[1] and shift and now.last - was.last == shift:
        if now.epoch - was.epoch == shift * counts[0]:
            said.append(f"every one of {counts[0]:,} values moved by {_interval(shift)}")
    elif counts[0] == counts[1] and now.epoch != was.epoch and not said:
        said.append(f"moments moved: by {_interval(now.epoch - was.epoch)} in all")
    return said


def _distribution(was: Census, now: Census) -> list[str]:
    before, after = dict(was.domain), dict(now.domain)
    if was.rows != now.rows or not before or before == after:
        return []
    moved = [
        f"{value} {before.get(value, 0):,} before, {after.get(value, 0):,} after"
        for value in sorted(before.keys() | after.keys())
        if before.get(value, 0) != after.get(value, 0)
    ]
    return [f"distribution changed: {'; '.join(moved[:6])}"]


def _otherwise(was: Census, now: Census) -> str:
    if was == now:
        return "values changed, or changed places between rows; every count is the same"
    changed = [
        f"{field.name} {getattr(was, field.name)} before, {getattr(now, field.name)} after"
        for field in fields(Census)
        if field.name in ("distinct", "length", "zeros")
        and getattr(was, field.name) != getattr(now, field.name)
    ]
    return "values changed" + (f" ({', '.join(changed)})" if changed else "")


def _interval(seconds: Decimal) -> str:
    sign = "-" if seconds < 0 else "+"
    rest = abs(seconds)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    whole, fraction = divmod(rest, 1)
    tail = f"{fraction:f}".rstrip("0").removeprefix("0") if fraction else ""
    return f"{sign}{int(hours)}:{int(minutes):02d}:{int(whole):02d}{tail}"
