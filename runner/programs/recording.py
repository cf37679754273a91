"""How is what the source holds recorded beside the program that copies it?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gatepost import rooms

from . import children
from .children import Command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..migration import Migration


def beside(
    run: Migration,
    copying: Command,
    *helping: Command,
    watch: Callable[[], None] | None = None,
    timeout: float = 0,
) -> None:
    """Run a program that copies the source, and record its baseline under the snapshot meanwhile.

    :param copying: where its errors have a file of their own, it may complain of nothing.
    :param helping: what the copy passes through.
    :param timeout: seconds for all; 0 for no limit.
    :raises ToolFailed: the one that failed by itself is named; the others were ended because of it.
    """
    all_ = (copying, *helping, _command(run))
    statuses = children.run(*all_, watch=watch, first_done=_copied(run).touch, timeout=timeout)
    for command, status in sorted(zip(all_, statuses, strict=True), key=lambda pair: pair[1] < 0):
        children.check(command, status, silent=command.errors is not None)


def unfinished(run: Migration) -> list[Path]:
    """Return the files of a baseline that was not finished."""
    return [*run.folder.glob("baseline.*.part")]


def _command(run: Migration) -> Command:
    argv = [sys.executable, "-m", "gatepost.baseline", "record", *run.plan.arguments]
    argv += [f"--snapshot={run.snapshot}", f"--facts={run.facts}", f"--out={run.baseline}"]
    # The copy has the other core, and a scan beside it is mostly served from memory.
    argv += ["--connections=1", f"--until={_copied(run)}"]
    return Command(
        "baseline of the source",
        tuple(argv),
        run.folder / "baseline.txt",
        environment=run.plan.environment,
        cwd=rooms.start_folder(),
    )


def _copied(run: Migration) -> Path:
    """Return the file that is there once the copy is: what only explains may then be left."""
    return run.folder / "dumped"
