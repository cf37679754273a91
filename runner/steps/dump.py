"""The step that takes everything out of the source, and notes what it held."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost import baseline

from .. import archive, recording
from ..children import Command
from .step import Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Dump(Step):
    """Dumps the source, and records its baseline under the same snapshot meanwhile."""

    name: ClassVar[str] = "dump"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        size = archive.spoken_size(plan.survey.source_bytes)
        return (
            f"pg_dump {plan.tools.version} -Fc of {plan.survey.origin.name} ({size}),"
            " and a baseline of the same snapshot"
        )

    def do(self, run: Migration) -> str:
        """Dump to a `.part`; only what is whole, on the disk and hashed gets its name."""
        part = run.archive.with_suffix(".part")
        watch = _growth(run, self.name, part)
        recording.beside(run, _dump_command(run, part), watch=watch)
        digest = archive.seal(part, run.archive)
        size = archive.spoken_size(run.archive.stat().st_size)
        return f"{size}, sha256 {digest[:12]}…; {baseline.FILE} beside it"

    def found(self, run: Migration) -> bool:
        """Whether an unfinished archive lies there; a finished one is kept as evidence."""
        return bool(_unfinished(run))

    def undo(self, run: Migration) -> str:
        """Remove what is no archive, and no baseline."""
        for part in _unfinished(run):
            part.unlink(missing_ok=True)
        return "unfinished archive removed"


def _dump_command(run: Migration, part: Path) -> Command:
    settings = run.plan.settings
    wait = round(settings.project.migrate.lock_timeout * 1000)
    argv = [str(run.plan.tools.pg_dump), "-Fc", "--no-password", f"--snapshot={run.snapshot}"]
    argv += [f"--lock-wait-timeout={wait}", f"--file={part}"]
    return Command(
        "pg_dump",
        tuple(argv),
        run.folder / "dump.txt",
        run.folder / "dump.errors.txt",
        archive.client_environment(run, settings.before, "dump"),
    )


def _unfinished(run: Migration) -> list[Path]:
    return [*run.folder.glob(f"{run.archive.stem}*.part"), *run.folder.glob("baseline.*.part")]


def _growth(run: Migration, name: str, part: Path) -> Callable[[], None]:
    def watch() -> None:
        if part.exists():
            run.terminal.progress(name, archive.spoken_size(part.stat().st_size))

    return watch
