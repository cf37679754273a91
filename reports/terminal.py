"""What does a person see at the end of a run?  Words first; colours only repeat them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.verdict import told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gatepost.causes import Cause
    from gatepost.verdict import SideInfo
    from gatepost.verdict_file import Record

COLOURS = {"GO": "green", "NO-GO": "red", "INCOMPLETE": "yellow"}
FINDINGS = 20
OTHERS = 10


@dataclass(frozen=True)
class Line:
    """A line and, as pytest's terminal names them, its colours."""

    text: str
    markup: tuple[str, ...] = ()


def lines(record: Record) -> Iterator[Line]:
    """Yield what is said about a verdict: the word, the sides, then what led to it."""
    colour = COLOURS[record.verdict]
    yield Line(record.headline, (colour, "bold"))
    yield Line(f"{record.gate} gate of {record.project}, target {record.target}")
    yield from _side("before", record.sides.before)
    yield from _side("after", record.sides.after)
    for remark in record.remarks:
        yield Line(f"  {remark}")
    yield from _listed("problems", record.problems, OTHERS, "red")
    found = [cause(one) for one in record.causes if one.waiver is None]
    yield from _listed("findings", found, FINDINGS, "red", len(record.blocking))
    waived = [_waived(one) for one in record.causes if one.waiver is not None]
    yield from _listed("waived", waived, FINDINGS, "yellow", len(record.waived))
    yield from _listed("waivers to remove", record.stale_waivers, OTHERS, "yellow")
    asked = [told(one.check, one.subject, one.reason) for one in record.not_asked]
    yield from _listed("not asked", asked, OTHERS, "yellow")
    planned = [f"{one.question}: {one.reason}" for one in record.not_planned]
    yield from _listed("not planned", planned, FINDINGS)
    notes = [told(one.check, one.subject, one.note) for one in record.notes]
    yield from _listed("notes", notes, OTHERS)


def path(name: str, file: Path) -> Line:
    """Return a line that says where something lies, as short as it can be clicked."""
    here = os.path.relpath(file)
    return Line(f"{name:<8} {file if here.startswith('..') else here}")


def side(info: SideInfo) -> str:
    """Return which database a side is, or what was staged for it, in one line."""
    if info.collections:
        records = counted(sum(one.records for one in info.collections), "record")
        staged = counted(len(info.collections), "collection")
        return f"{staged}, {records}, staged on PostgreSQL {info.version}"
    return f"{info.database} on {info.server}, PostgreSQL {info.version}"


def cause(one: Cause) -> str:
    """Return what a cause says of its first subject, and of whom else the same is to be said."""
    said = told(one.check, one.subjects[0], one.message)
    return f"{said}\n{one.others}" if one.others else said


def _side(name: str, info: SideInfo | None) -> Iterator[Line]:
    if info is not None:
        yield Line(f"  {name:<7} {side(info)}")


def _listed(
    title: str, texts: Sequence[str], limit: int, colour: str = "", number: int = 0
) -> Iterator[Line]:
    if not texts:
        return
    yield Line(f"{title} ({number or len(texts)})", (colour, "bold") if colour else ("bold",))
    for text in texts[:limit]:
        first, *rest = text.splitlines() or [""]
        yield Line(f"  {first}")
        for more in rest:
            yield Line(f"    {more}")
    if len(texts) > limit:
        yield Line(f"  … and {len(texts) - limit} more, see summary.md")


def _waived(one: Cause) -> str:
    assert one.waiver is not None
    accepted = f"{one.waiver.reason} (until {one.waiver.until}, {one.waiver.by})"
    return f"{cause(one)}\naccepted: {accepted}"
