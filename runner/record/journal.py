"""What was going to be done, and what was done?  One line before and one after each act.

The databases say what is there; the journal explains how it came about.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from pathlib import Path

FILE = "journal.jsonl"


class Journal:
    """A file that only grows, each line on the disk before the act that it announces."""

    def __init__(self, folder: Path) -> None:
        file = folder / FILE
        self._torn = file.exists() and file.stat().st_size > 0 and not _is_whole(file)
        self._file = file.open("a", encoding="utf-8")

    def write(self, event: str, step: str, detail: str = "", **more: Any) -> None:
        """Add one line and wait until the disk has it.

        :param event: `begin`, `intent`, `done`, `failed`, `undo`, `undone`, or `verdict`.
        :param more: what a later process needs to know, as JSON can hold it.
        :raises ToolFailed: it cannot be kept; the act it announces must not begin.
        """
        line = {
            "at": dt.datetime.now(dt.UTC).isoformat(),
            "monotonic": round(time.monotonic(), 3),  # wall clocks jump
            "event": event,
            "step": step,
        }
        if detail:
            line["detail"] = detail
        # A line that a crash has cut short must not swallow ours.
        start = "\n" if self._torn else ""
        try:
            self._file.write(f"{start}{json.dumps(line | more, ensure_ascii=False)}\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise ToolFailed(
                f"the journal cannot be written: {error.strerror}",
                hint="what is not in the journal first is not done",
            ) from None
        self._torn = False

    def note(self, event: str, step: str, detail: str = "", **more: Any) -> None:
        """Add one line if it can be kept: the way back is taken even where the disk is full."""
        with contextlib.suppress(ToolFailed):
            self.write(event, step, detail, **more)

    def close(self) -> None:
        """Close the file."""
        # What could not be written is still in its buffer, and cannot be written now.
        with contextlib.suppress(OSError):
            self._file.close()


@dataclass(frozen=True)
class Line:
    """A line of a journal.

    :param more: whatever it says beyond the fields that all have.
    """

    at: dt.datetime
    event: str
    step: str
    detail: str
    more: dict[str, Any]


def _is_whole(file: Path) -> bool:
    """Whether the last line of a file came to its end."""
    with file.open("rb") as opened:
        opened.seek(-1, os.SEEK_END)
        return opened.read() == b"\n"


def read(folder: Path) -> tuple[Line, ...]:
    """Return the lines of a run's journal; what a crash left half-written is no line."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    # Not at what else Unicode calls the end of a line: a comment or a message may hold it.
    return tuple(line for line in map(_line, text.split("\n")) if line is not None)


def _line(text: str) -> Line | None:
    try:
        said = json.loads(text)
        at = dt.datetime.fromisoformat(said.pop("at"))
        event, step = str(said.pop("event")), str(said.pop("step"))
        return Line(at, event, step, str(said.pop("detail", "")), said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
