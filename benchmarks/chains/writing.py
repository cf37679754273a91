"""How do the scripts of another tool become files that `gatepost` runs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# A migration of rows, or of what may be there, says so in its first line.
_NO_OBJECTS = "-- gatepost: no objects\n"

# A migration's name, its SQL and that of its way back.
Scripts = tuple[str, str, str]


def write(scripts: Iterator[Scripts], folder: Path, without_objects: Sequence[str]) -> int:
    """Write the migrations that hold a statement, numbered; return how many there are.

    :param without_objects: names, or parts of them, of migrations that declare nothing.
    """
    folder.mkdir(parents=True)
    written = 0
    for number, (name, up, down) in enumerate(scripts, 1):
        if not _holds_something(up):
            continue
        written += 1
        head = _NO_OBJECTS if any(one in name for one in without_objects) else ""
        (folder / f"{number:03}_{name}.sql").write_text(head + up, encoding="utf-8")
        if _holds_something(down):
            (folder / f"{number:03}_{name}.down.sql").write_text(down, encoding="utf-8")
    return written


def _holds_something(text: str) -> bool:
    return any(line.strip() and not line.startswith("--") for line in text.splitlines())
