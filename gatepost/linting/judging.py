"""Is what a pending migration does a finding, or only worth knowing?"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from gatepost.told import Told
from gatepost.wording import about, counted, sized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gatepost.linting.cases import Hit

_FAULTS = ("fails", "loses")
# Seconds that nobody notices.
_MOMENT = 0.01
_NOTHING: Mapping[str, str] = MappingProxyType({})


def judge(
    hits: Iterable[Hit], locks_up_to: int, *, live: bool, dropped: Mapping[str, str] = _NOTHING
) -> Told:
    """Return findings and notes of one file.

    What fails or loses something is a finding; what others wait for is one where the table is
    larger than ``locks_up_to`` bytes.

    :param dropped: what the project says is to go, by name, and why.
    :param live: others use the database while it is changed; nobody uses a clone.
    """
    hits = tuple(hits)
    findings: list[str] = []
    notes: list[str] = []
    short: list[Hit] = []
    for hit in hits:
        waits = hit.rule.weight == "locks"
        if hit.of in dropped:
            notes.append(f"line {hit.line}: {hit.said}: {dropped[hit.of]}")
        elif hit.rule.weight in _FAULTS or (waits and live and hit.bytes > locks_up_to):
            findings.append(_finding(hit))
        elif waits:
            short.append(hit)
        else:
            notes.append(f"line {hit.line}: {hit.said} ({hit.rule.name})")
    notes.extend(_short(short, locks_up_to, live=live))
    return Told(tuple(findings), tuple(dict.fromkeys(notes)), tuple(map(_fact, hits)))


def _finding(hit: Hit) -> str:
    return f"line {hit.line}: {hit.said} ({hit.rule.name})\n  hint: {hit.hint or hit.rule.way_out}"


def _short(hits: list[Hit], locks_up_to: int, *, live: bool) -> Iterator[str]:
    """Yield one line for all that others wait for, and not for long."""
    if not hits:
        return
    longest = max(hits, key=lambda one: one.seconds)
    statements = counted(len({one.line for one in hits}), "statement")
    which = f"no table larger than {sized(locks_up_to)}" if live else "tables that nobody else uses"
    each = f"the longest, line {longest.line}, for about {about(longest.seconds)}"
    if longest.seconds < _MOMENT:
        each = f"none for longer than {about(_MOMENT)}"
    yield f"locked while it is worked on: {which}, by {statements}; {each}"


def _fact(hit: Hit) -> dict[str, object]:
    return {
        "line": hit.line,
        "rule": hit.rule.name,
        "said": hit.said,
        "why": hit.rule.why,
        "bytes": hit.bytes,
        "seconds": round(hit.seconds, 3),
    }
