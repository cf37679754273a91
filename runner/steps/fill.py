"""The steps that fill the new database beside the old one, and ask whether all arrived."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from typing import TYPE_CHECKING, ClassVar

from psycopg.conninfo import make_conninfo

from gatepost import baseline, database, rooms
from gatepost.errors import ToolFailed

from .. import carry, children, databases, gates
from ..children import Command
from .step import Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

_MEGABYTE = 1_000_000


class Dump(Step):
    """Dumps the source, and records its baseline under the same snapshot meanwhile."""

    name: ClassVar[str] = "dump"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"pg_dump {plan.tools.version} -Fc of {plan.survey.origin.name}"
            f" ({_spoken_size(plan.survey.source_bytes)}), and a baseline of the same snapshot"
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
        digest = _seal(part, run.archive)
        size = _spoken_size(run.archive.stat().st_size)
        return f"{size}, sha256 {digest[:12]}…; {baseline.FILE} beside it"

    def found(self, run: Migration) -> bool:
        """Whether an unfinished archive lies there; a finished one is kept as evidence."""
        return bool(_unfinished(run))

    def undo(self, run: Migration) -> str:
        """Remove what is no archive, and no baseline."""
        for part in _unfinished(run):
            part.unlink(missing_ok=True)
        return "unfinished archive removed"


class Create(Step):
    """Creates the database that is filled beside the live one."""

    name: ClassVar[str] = "create"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        like = plan.survey.origin
        owner = plan.survey.old.owner if plan.survey.old else plan.survey.target.role
        return (
            f"create {plan.names.next} from template0, {like.encoding} {like.collate},"
            f" owned by {owner}"
        )

    def do(self, run: Migration) -> str:
        """Create it, marked as ours."""
        there = run.plan.survey
        owner = there.old.owner if there.old else ""
        databases.create(
            run.connection,
            run.names,
            run.names.next,
            role="building",
            like=there.origin,
            owner=owner,
        )
        return run.names.next

    def found(self, run: Migration) -> bool:
        """Whether it, or what was about to become it, is there."""
        beside = databases.beside(run.connection, run.names.live)
        return run.names.new in beside or run.names.next in beside

    def undo(self, run: Migration) -> str:
        """Drop it, if it says that it is ours."""
        for name in (run.names.new, run.names.next):
            databases.drop_ours(run.connection, name, run.label)
        return f"{run.names.next} dropped"


class Restore(Step):
    """Fills it from the archive."""

    name: ClassVar[str] = "restore"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        jobs = plan.settings.project.migrate.jobs
        return (
            f"pg_restore {plan.tools.restore_version} -e -j {jobs} into {plan.names.next};"
            " one complaint is a failure"
        )

    def do(self, run: Migration) -> str:
        """Restore what was hashed, into nothing but what is ours."""
        digest = run.archive.with_suffix(".dump.sha256").read_text(encoding="ascii").split()[0]
        if _sha256(run.archive) != digest:
            raise ToolFailed(f"{run.archive.name} is not what was written: its sha256 differs")
        command = _restore_command(run)
        (status,) = children.run(command)
        _leave_out_values(run.folder / "restore.errors.txt")
        children.check(command, status, silent=True)
        return f"into {run.names.next}"


class Filled(Step):
    """Calls the project's hook on the filled database."""

    name: ClassVar[str] = "filled"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether there is such a hook."""
        return bool(plan.settings.project.migrate.filled)

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"call the filled hook with GATEPOST_DATABASE={plan.names.next}"

    def do(self, run: Migration) -> str:
        """Call it; it is told by libpq's own variables how to get in."""
        run.hooks.call("filled", GATEPOST_DATABASE=run.names.next, **run.next.environment())
        return "the filled hook has done its work"


class Carry(Step):
    """Carries over what belongs to a database and is in no archive."""

    name: ClassVar[str] = "carry over"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        whose = plan.names.live if plan.survey.old else plan.survey.origin.name
        return f"give {plan.names.next} the settings, grants and limits of {whose}"

    def do(self, run: Migration) -> str:
        """Read them where they are, and set them where they are to be."""
        old, origin = run.plan.survey.old, run.plan.survey.origin
        if old is not None:
            had = carry.read(run.connection, old.name, old.connection_limit)
        else:
            with contextlib.closing(database.read_only(run.plan.settings.before)) as conn:
                had = carry.read(conn, origin.name, origin.connection_limit)
        carry.give(run.connection, run.names.next, had)
        return str(had)


class Analyze(Step):
    """Gathers statistics: a planner without them is slow on the first day."""

    name: ClassVar[str] = "analyze"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"analyze {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Analyze all of it."""
        with contextlib.closing(database.maintenance(run.next, label="analyze")) as conn:
            conn.execute("analyze")
        return "statistics gathered"


class DataGate(Step):
    """Asks whether everything arrived, before anybody can see it."""

    name: ClassVar[str] = "data gate"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"ask the data gate: {plan.survey.origin.name} against {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Ask."""
        return gates.ask(run, "data", database=run.names.next)


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
        _spoken_to(run, settings.before, "dump"),
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


def _restore_command(run: Migration) -> Command:
    jobs = run.plan.settings.project.migrate.jobs
    argv = [str(run.plan.tools.pg_restore), "-e", "--no-password", f"--jobs={jobs}"]
    # As a connection string, since pg_restore would read a bare name with = in it as one.
    argv += [f"--dbname={make_conninfo(dbname=run.names.next)}", str(run.archive)]
    return Command(
        "pg_restore",
        tuple(argv),
        run.folder / "restore.txt",
        run.folder / "restore.errors.txt",
        _spoken_to(run, run.next, "restore"),
    )


def _spoken_to(run: Migration, dsn: Dsn, phase: str) -> dict[str, str]:
    """Return the environment in which a client finds its server, and speaks English."""
    name = f"{database.APPLICATION} {run.label} {phase}"
    return {**dsn.environment(), "PGAPPNAME": name, "LC_ALL": "C"}


def _leave_out_values(complaints: Path) -> None:
    """Take out of what a restore said the lines in which the server quotes rows."""
    lines = complaints.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(("DETAIL:", "CONTEXT:"))]
    complaints.write_text("".join(kept), encoding="utf-8")


def _growth(run: Migration, name: str, part: Path) -> Callable[[], None]:
    def watch() -> None:
        if part.exists():
            run.terminal.progress(name, _spoken_size(part.stat().st_size))

    return watch


def _seal(part: Path, archive: Path) -> str:
    """Make an archive of a finished dump: on the disk first, then hashed, then named."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    digest = _sha256(part)
    sums = archive.with_suffix(".dump.sha256")
    sums.write_text(f"{digest}  {archive.name}\n", encoding="ascii")
    part.replace(archive)
    return digest


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _spoken_size(size: int) -> str:
    if size < 0:
        return "size unknown"
    return f"{size / 1e6:,.1f} MB" if size >= _MEGABYTE else f"{size / 1e3:.1f} kB"
