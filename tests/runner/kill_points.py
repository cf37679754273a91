"""What was found at each kill point?  Three tests note it; this makes the runbook's table of it.

`GATEPOST_KILL_POINTS=points.jsonl pytest -m long tests/runner/test_crash.py
tests/runner/test_files_killed.py tests/runner/test_in_place_dies.py`, and then `python -m
tests.runner.kill_points points.jsonl`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runner import steps

if TYPE_CHECKING:
    from tests.runner.crashes import Back

VARIABLE = "GATEPOST_KILL_POINTS"
RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
_BEGIN, _END = "<!-- kill points: begin -->", "<!-- kill points: end -->"


@dataclass(frozen=True)
class Row:
    """What came of one point.

    :param status: of the run; negative for the signal that killed it.  The rest is as in `Back`.
    """

    step: str
    when: str
    by: str
    status: int
    state: str
    asked: int
    aborted: int
    undone: list[str]


def note(step: str, when: str, by: str, status: int, back: Back) -> None:
    """Keep what came of one point, if somebody wants the table."""
    row = Row(step, when, by, status, **asdict(back))
    if file := os.environ.get(VARIABLE):
        with Path(file).open("a", encoding="utf-8") as rows:
            rows.write(json.dumps(asdict(row)) + "\n")


def table(rows: list[Row], text: str = "") -> str:
    """Return the table in Markdown, a line for each point, in the order of a run.

    :param text: of an earlier table, whose lines stay where no row is of their point.
    """
    head = [
        "| step | | killed (-9): `status` finds | `abort` takes back | SIGTERM | server stopped |",
        "|---|---|---|---|---|---|",
    ]
    points: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        points.setdefault((row.step, row.when), {})[row.by] = row
    lines = _lines(text)
    for point, by in points.items():
        killed = by.get("KILL")
        found = f"{killed.state}, {killed.asked}" if killed else ""
        back = (", ".join(killed.undone) or "nothing") + f": {killed.aborted}" if killed else ""
        ends = " | ".join(_end(by.get(way)) for way in ("TERM", "STOP"))
        lines[point] = f"| {point[0]} | {point[1]} | {found} | {back} | {ends} |"
    order = [step.name for step in steps.ALL]
    ordered = sorted(lines, key=lambda point: (order.index(point[0]), point[1] == "after"))
    return "\n".join([*head, *(lines[point] for point in ordered)])


def _lines(text: str) -> dict[tuple[str, str], str]:
    """Return the lines of a table by the points that they are of."""
    known = {step.name for step in steps.ALL}
    cells = {line: [cell.strip() for cell in line.split("|")] for line in text.splitlines()}
    return {
        (cell[1], cell[2]): line
        for line, cell in cells.items()
        if len(cell) > 2 and cell[1] in known
    }


def _end(row: Row | None) -> str:
    if row is None:
        return ""
    return f"{row.status}" if row.asked == 0 else f"{row.status}, then `abort`: {row.aborted}"


def main() -> int:
    """Put the table of a file of rows into the runbook."""
    file = Path(sys.argv[1])
    rows = [Row(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    text = RUNBOOK.read_text(encoding="utf-8")
    head, _, rest = text.partition(_BEGIN)
    earlier, _, tail = rest.partition(_END)
    told = table(rows, earlier)
    RUNBOOK.write_text(f"{head}{_BEGIN}\n{told}\n{_END}{tail}", encoding="utf-8")
    sys.stdout.write(told + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
