"""The step that fills the new database from what was staged."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, ClassVar

from gatepost import baseline, rooms
from gatepost.errors import ToolFailed
from gatepost.wording import counted

from ..outcome import NoGo
from ..programs import loading, recording
from ..programs.children import Command
from .recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

_AT = re.compile(rb"at (\d+) of (\d+)\n")
_TAIL = 200  # bytes of output in which the last line of progress stands
_REFUSED = f"load: exit status {loading.REFUSED}: error: "


class Load(Recorded):
    """Fills every mapped table in one transaction, and records the baseline meanwhile.

    What a query yields for a table is what is loaded into it, and what the data gate compares it
    with.  A row that the target refuses takes all others with it.
    """

    name: ClassVar[str] = "load"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether the project fills from files."""
        return plan.settings.project.migrate.fill == "files"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        mapped = sum(bool(rule.query) for rule in plan.settings.project.tables.values())
        return (
            f"copy what the queries yield into {counted(mapped, 'table')} of {plan.names.next}, in"
            " the order of their foreign keys and in one transaction; and record a baseline"
        )

    def do(self, run: Migration) -> str:
        """Load.

        :raises NoGo: the target refuses a row; nothing is in any table.
        :raises ToolFailed: it could not be done.
        """
        command = _command(run)
        try:
            recording.beside(run, command, watch=_progress(run, command))
        except ToolFailed as error:
            if not error.message.startswith(_REFUSED):
                raise
            reason = error.message.removeprefix(_REFUSED)
            raise NoGo(f"nothing was loaded: {reason}", hint=_hint(command)) from None
        told = command.output.read_text(encoding="utf-8").splitlines()[-1]
        return f"{told}; {baseline.FILE} beside it"


def _command(run: Migration) -> Command:
    module = f"{rooms.module('runner')}.programs.loading"
    given = (f"--database={run.names.next}", f"--snapshot={run.snapshot}")
    return Command(
        "load",
        (sys.executable, "-m", module, *run.plan.arguments, *given),
        run.folder / "load.txt",
        run.folder / "load.errors.txt",
        environment=run.plan.environment,
        cwd=rooms.start_folder(),
    )


def _progress(run: Migration, command: Command) -> Callable[[], None]:
    def watch() -> None:
        with command.output.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            found = _AT.findall(file.read())
        if found:
            rows, total = found[-1]
            run.terminal.advance(int(rows), int(total), "rows")

    return watch


def _hint(command: Command) -> str:
    """Return the way out that the program has told, if it has."""
    assert command.errors is not None
    lines = command.errors.read_text(encoding="utf-8", errors="replace").splitlines()
    hints = (line.strip().removeprefix("hint: ") for line in lines if "hint: " in line)
    return next(hints, "")
