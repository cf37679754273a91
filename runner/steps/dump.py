"""The step that takes everything out of the source, and notes what it held."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from gatepost import baseline, rooms

from .. import archive, children
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
        dump, recording = _dump_command(run, part), _baseline_command(run)
        statuses = children.run(
            dump,
            recording,
            watch=_growth(run, self.name, part),
            first_done=_dumped(run).touch,
        )
        # The one that failed by itself is named; the other was ended because of it.
        blame = sorted(zip((dump, recording), statuses, strict=True), key=lambda pair: pair[1] < 0)
        for command, status in blame:
            children.check(command, status, silent=command is dump)
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


def _baseline_command(run: Migration) -> Command:
    argv = [sys.executable, "-m", "gatepost.baseline", "record", *run.plan.arguments]
    argv += [f"--snapshot={run.snapshot}", f"--facts={run.facts}", f"--out={run.baseline}"]
    # The dump has the other core, and a scan beside it is mostly served from memory.
    argv += ["--connections=1", f"--until={_dumped(run)}"]
    return Command(
        "baseline of the source",
        tuple(argv),
        run.folder / "baseline.txt",
        environment=run.plan.environment,
        cwd=rooms.start_folder(),
    )


def _dumped(run: Migration) -> Path:
    """Return the file that is there once the dump is done: what only explains may then be left."""
    return run.folder / "dumped"


def _growth(run: Migration, name: str, part: Path) -> Callable[[], None]:
    def watch() -> None:
        if part.exists():
            run.terminal.progress(name, archive.spoken_size(part.stat().st_size))

    return watch
