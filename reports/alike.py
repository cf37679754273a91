"""Which findings say the same of one subject after another?

A thousand tables that lost one thing are one cause: the first is told, the others are named.  Each
of them stays a finding of its own in `verdict.json`, JUnit and Allure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.verdict_file import Found

# So many are told one by one; of more the first, and the names of some.
FEW = 3
NAMED = 8
# How the line begins that names the others.
THE_SAME = "the same of "
_SUBJECT = "\0"


def together(found: Sequence[Found]) -> list[Found]:
    """Return the findings in their order, of those that say the same the first for all."""
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for one in found:
        said = one.message.replace(one.subject, _SUBJECT)
        groups.setdefault((one.check, one.priority, said), []).append(one)
    return [told for group in groups.values() for told in _told(group)]


def _told(group: list[Found]) -> list[Found]:
    if len(group) <= FEW:
        return group
    first, *others = group
    more = len(others) - NAMED
    names = ", ".join(one.subject for one in others[:NAMED])
    hidden = f" … and {more:,} more" if more > 0 else ""
    said = f"{THE_SAME}{len(others):,} others: {names}{hidden}"
    return [replace(first, message=f"{first.message}\n{said}")]
