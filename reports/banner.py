"""What does the first screen of the HTML report say?  GO or NO-GO, of what, when, and where.

Allure's own header scrolls away, and its ring says "98 %" of a NO-GO.  This one is static HTML
without a script, stays in sight, and is read as well without colours as with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.durations import spoken
from gatepost.verdict import Word
from gatepost.wording import counted

from .terminal import side

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from gatepost.run_file import Run
    from gatepost.verdict import Counts, SideInfo
    from gatepost.verdict_file import Record

_LONGEST_NAME = 100
# So many causes leave the results below them their place on a small screen.
_CAUSES = 4


@dataclass(frozen=True)
class Head:
    """What the first screen says.

    :param said: the headline without its word.
    :param facts: pairs of a name and a text, one line each.
    :param figures: pairs of a number and what it counts.
    :param words: gates and their own words, where there are several.
    :param causes: what blocks, each thing once: of how many subjects, and in one line.
    """

    word: Word
    said: str
    what: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, Word], ...] = ()
    causes: tuple[tuple[int, str], ...] = ()

    @property
    def title(self) -> str:
        """The page's name: the word first, since a browser's tab shows little more."""
        name = f"{self.word} - {self.what} - {self.said}"
        return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def of_gate(record: Record) -> Head:
    """Return the head of one gate's report."""
    return Head(
        word=record.verdict,
        said=record.headline.partition(": ")[2],
        what=f"{record.gate} gate - {record.project} - {record.target}",
        facts=(
            *_sides(record.sides.before, record.sides.after),
            ("when", _when(record.started, record.duration_s)),
        ),
        figures=tuple(_figures([record.counts])),
        causes=tuple(_causes(record)),
    )


def of_run(run: Run, records: Sequence[Record]) -> Head:
    """Return the head of a whole migration's report; ``records`` are those of its gates."""
    figures = [*_figures([record.counts for record in records])]
    if run.downtime_s is not None:
        figures.append((spoken(run.downtime_s), "downtime"))
    if run.rollback:
        figures.append(("rollback", run.rollback))
    return Head(
        word=run.word,
        said=run.meaning,
        what=f"migration - {run.project} - {run.target}",
        facts=(*_sides(run.before, run.after), ("when", _when(run.started, run.duration_s))),
        figures=tuple(figures),
        words=tuple((f"{one.folder} gate", one.word) for one in run.gates),
        causes=tuple(one for record in records for one in _causes(record)),
    )


def html(head: Head) -> str:
    """Return the banner, its style sheet with it."""
    style = Path(__file__).with_name("banner.css").read_text(encoding="utf-8")
    return "\n".join([f"<style>\n{style}</style>", *_lines(head)])


def _lines(head: Head) -> Iterator[str]:
    yield f'<header id="gatepost" class="{_tone(head.word)}" role="banner">'
    yield f'<h1><strong class="word">{head.word}</strong> <span>{escape(head.said)}</span></h1>'
    yield f'<p class="what">{escape(head.what.replace(" - ", " · "))}</p>'
    yield "<dl>"
    for name, text in head.facts:
        yield f"<div><dt>{name}</dt><dd>{escape(text)}</dd></div>"
    yield "</dl>"
    yield '<ul class="figures">'
    for name, word in head.words:
        yield f'<li class="{_tone(word)}"><b>{word}</b> {escape(name)}</li>'
    for number, name in head.figures:
        yield f"<li><b>{escape(number)}</b> {escape(name)}</li>"
    yield "</ul>"
    if head.causes:
        yield '<ol class="causes">'
        for count, said in head.causes[:_CAUSES]:
            yield f"<li><b>{count:,}</b> {escape(said)}</li>"
        more = len(head.causes) - _CAUSES
        if more > 0:
            yield f"<li>… and {counted(more, 'more cause')}</li>"
        yield "</ol>"
    yield "</header>"


def _figures(counts: Sequence[Counts]) -> Iterator[tuple[str, str]]:
    """Yield how many checks came to what: a sum of those that passed would look like a fault."""
    for name in ("passed", "failed", "waived", "not_asked", "not_applicable"):
        if number := sum(getattr(one, name) for one in counts):
            yield f"{number:,}", name.replace("_", " ")


def _causes(record: Record) -> Iterator[tuple[int, str]]:
    for one in record.causes:
        if one.waiver is None:
            yield one.count, one.headline


def _tone(word: Word) -> str:
    return word.lower()


def _sides(before: SideInfo | None, after: SideInfo | None) -> Iterator[tuple[str, str]]:
    if before is not None:
        yield "before", side(before)
    if after is not None:
        yield "after", side(after)


def _when(started: dt.datetime, duration: float) -> str:
    return f"{started:%Y-%m-%d %H:%M:%S %Z}, took {spoken(duration)}".replace(" ,", ",")
