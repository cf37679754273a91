"""Where do the rooms lie?  Beside the engine in a clone, inside it in the wheel.

Whoever starts a child process that uses a room asks here: rooms do not import each other.
"""

from __future__ import annotations

from pathlib import Path

HOUSE = Path(__file__).resolve().parent


def start_folder() -> Path | None:
    """Return the folder that a child process must start in to find the rooms; None for any."""
    # The wheel is asked first: beside it, in site-packages, anybody may have put a `checks`.
    if (HOUSE / "checks").is_dir():
        return None
    return HOUSE.parent


def checks() -> tuple[str, ...]:
    """Return the arguments by which pytest, started in `start_folder`, finds our checks."""
    return ("checks",) if start_folder() else ("--pyargs", "gatepost.checks")


def module(room: str) -> str:
    """Return the name for `python -m`, started in `start_folder`."""
    return room if start_folder() else f"gatepost.{room}"
