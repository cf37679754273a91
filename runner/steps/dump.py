"""The step that takes everything out of the source, and notes what it held."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psycopg.conninfo import make_conninfo

from gatepost import baseline
from gatepost.errors import ToolFailed

from ..programs import archive, recording
from ..programs.children import Command
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

    def applies(self, plan: Plan) -> bool:
        """Whether the project fills by a dump."""
        return plan.by_dump

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        size = archive.spoken_size(plan.survey.source_bytes)
        return (
            f"pg_dump {plan.tools.version} -F{archive.format_of(plan)[0]}"
            f" of {plan.survey.origin.name} ({size}),"
            " and a baseline of the same snapshot"
        )

    def do(self, run: Migration) -> str:
        """Dump to a `.part`; only what is whole, on the disk and hashed gets its name."""
        part = run.archive.with_suffix(".part")
        run.plan.tools.must_be_as_chosen()
        watch = growth(run, part)
        try:
            recording.beside(run, command(run, part), watch=watch)
        except ToolFailed as error:
            raise archive.explained(error, run.folder) from None
        digest = archive.seal(part, run.archive)
        size = archive.spoken_size(archive.size(run.archive))
        return f"{size}, sha256 {digest[:12]}…; {baseline.FILE} beside it"

    def found(self, run: Migration) -> bool:
        """Whether an unfinished archive lies there; a finished one is kept as evidence."""
        return bool(_unfinished(run))

    def undo(self, run: Migration) -> str:
        """Remove what is no archive, and no baseline."""
        for part in _unfinished(run):
            archive.remove(part)
        return "unfinished archive removed"


def command(run: Migration, part: Path) -> Command:
    """Return pg_dump of the source, under the run's snapshot."""
    settings, declared = run.plan.settings, run.plan.settings.project.migrate
    chosen = archive.format_of(run.plan)
    argv = [str(run.plan.tools.pg_dump), f"--format={chosen}", f"--file={part}"]
    if chosen == "directory":
        argv.append(f"--jobs={declared.jobs}")
    wait = round(declared.lock_timeout * 1000)
    argv += [f"--compress={declared.compress}", f"--lock-wait-timeout={wait}"]
    argv += [f"--snapshot={run.snapshot}", "--no-password"]
    # Beside PG* variables, which have none for this; those say which database it is.
    argv.append(f"--dbname={make_conninfo(**settings.before.noticing)}")
    return Command(
        "pg_dump",
        tuple(argv),
        run.folder / "dump.txt",
        run.folder / "dump.errors.txt",
        archive.client_environment(run, settings.before, "dump"),
    )


def _unfinished(run: Migration) -> list[Path]:
    return [*run.folder.glob(f"{run.archive.stem}*.part"), *recording.unfinished(run)]


def growth(run: Migration, part: Path) -> Callable[[], None]:
    """Return what tells how much of an archive there is."""

    def watch() -> None:
        if written := archive.size(part):
            run.terminal.advance(written)

    return watch
