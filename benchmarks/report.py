"""What did one measure find, as a table to read and as numbers to keep?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.clock import Spread


@dataclass(frozen=True)
class Claim:
    """What was promised, and what came out.

    :param bound: the most that the median may be, or with ``at_least`` the least.
    """

    what: str
    found: Spread
    bound: float
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the median is on the right side of the bound."""
        if self.at_least:
            return self.found.median >= self.bound
        return self.found.median <= self.bound

    def __str__(self) -> str:
        wanted = f"at {'least' if self.at_least else 'most'} {self.bound:g}"
        return f"{'kept' if self.kept else 'NOT KEPT'}: {self.what}: {self.found}, {wanted}"


@dataclass(frozen=True)
class Report:
    """One table, what it proves, and what a reader must know.

    :param rows: one cell per column.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Spread, ...], ...]
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """Return it as a section of Markdown; of numbers the median, the least and the most."""
        lines = [f"\n### {self.title}\n", _line(self.columns), "|---" * len(self.columns) + "|"]
        lines += [_line(row) for row in self.rows]
        lines += [""] * bool(self.claims) + [f"* {claim}" for claim in self.claims]
        lines += [""] * bool(self.notes) + [f"{note}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def plain(self) -> dict[str, Any]:
        """Return it for JSON: every round of every number."""
        return {
            "title": self.title,
            "rows": [
                {name: _plain(cell) for name, cell in zip(self.columns, row, strict=True)}
                for row in self.rows
            ],
            "claims": [
                {
                    "what": claim.what,
                    "kept": claim.kept,
                    "at_least" if claim.at_least else "at_most": claim.bound,
                    **_numbers(claim.found),
                }
                for claim in self.claims
            ],
            "notes": list(self.notes),
        }


def _line(cells: tuple[str | Spread, ...]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _plain(cell: str | Spread) -> object:
    return _numbers(cell) if isinstance(cell, Spread) else cell


def _numbers(spread: Spread) -> dict[str, Any]:
    return {
        "median": spread.median,
        "least": spread.least,
        "most": spread.most,
        "rounds": list(spread.values),
    }
