"""To whom is a command handed: to what reads schemas, or to the runner?"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import gatepost
from gatepost import rooms
from gatepost.schema import command

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit status; nothing is raised."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["schema"]:
        return command.main(given[1:])
    return _run(given)


def _run(arguments: Sequence[str]) -> int:
    if folder := rooms.start_folder():
        # As in conftest.py: in a clone the rooms lie beside the engine, wherever this was started.
        gatepost.__path__.append(str(folder))
    # By name: the engine knows no room.
    runner = importlib.import_module("gatepost.runner.__main__")
    return int(runner.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
