"""What was going to be done, and what was done?  One line before and one after each act.

The databases say what is there; the journal explains how it came about.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "journal.jsonl"


class Journal:
    """A file that only grows, each line on the disk before the act that it announces."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE).open("a", encoding="utf-8")

    def write(self, event: str, step: str, detail: str = "") -> None:
        """Add one line and wait until the disk has it.

        :param event: `intent`, `done`, `failed`, `undo`, `undone`, or `verdict`.
        :raises OSError: it cannot be kept; the act it announces must not begin.
        """
        line = {
            "at": dt.datetime.now(dt.UTC).isoformat(),
            "monotonic": round(time.monotonic(), 3),  # wall clocks jump
            "event": event,
            "step": step,
        }
        if detail:
            line["detail"] = detail
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def note(self, event: str, step: str, detail: str = "") -> None:
        """Add one line if it can be kept: the way back is taken even where the disk is full."""
        with contextlib.suppress(OSError):
            self.write(event, step, detail)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
