"""Which steps make a backup, and prove that it is one?"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import TypeAdapter

import gatepost
from gatepost import baseline_file, database, verdict_file
from gatepost.backups import manifest
from gatepost.backups.manifest import Manifest, Verified
from gatepost.errors import ToolFailed, UsageError

from ..programs import archive, recording
from ..servers import carry, databases
from ..servers.databases import Database
from ..steps import dump, restore
from ..steps.dump import Dump
from ..steps.restore import Restore
from ..steps.step import Step
from ..steps.target import Create
from .copying import Copying

if TYPE_CHECKING:
    from pathlib import Path

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

LIKE = TypeAdapter(Database)
BELONGINGS = TypeAdapter(carry.Belongings)


class Copy(Dump):
    """Dumps the database into the folder of backups, encrypted where that is declared."""

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        size = archive.spoken_size(plan.survey.source_bytes)
        return f"pg_dump {plan.tools.version} of {plan.survey.origin.name} ({size}), and a baseline"

    def do(self, run: Migration) -> str:
        """Dump to a `.part`; what is whole, on the disk and hashed gets its name and a manifest."""
        assert isinstance(run, Copying)
        started = dt.datetime.now(dt.UTC)
        run.plan.tools.must_be_as_chosen()
        run.part.touch(mode=0o600)  # whoever may see the folder need not see the rows
        watch = dump.growth(run, run.part)
        if run.encrypt_to:
            pipe = run.pipe()
            plain = dump.command(run, pipe)
            # A pipe is not on a disk; what comes out of it is synced with its name.
            plain = replace(plain, argv=(*plain.argv, "--no-sync"))
            recording.beside(run, plain, run.encrypting(pipe), watch=watch)
        else:
            recording.beside(run, dump.command(run, run.part), watch=watch)
        archive.seal(run.part, run.archive)
        noted = _noted(run, started)
        manifest.write(noted, run.store, run.name)
        locked = f", encrypted for {len(run.encrypt_to)}" if run.encrypt_to else ""
        size = archive.spoken_size(noted.bytes)
        return f"{run.archive.name}: {size}{locked}, sha256 {noted.sha256[:12]}…"

    def found(self, run: Migration) -> bool:
        """Whether something unfinished lies there; a finished archive stays, and does not count."""
        return bool(_unfinished(run))

    def undo(self, run: Migration) -> str:
        """Remove what is no archive."""
        for part in _unfinished(run):
            part.unlink(missing_ok=True)
        return "unfinished archive removed"


class Room(Create):
    """Creates the database into which it is restored."""

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        like = plan.survey.origin
        return f"create a scratch database from template0, {like.encoding} {like.collate}"

    def do(self, run: Migration) -> str:
        """Create it, like the database and with its owner."""
        like = run.plan.survey.origin
        databases.create(
            run.connection,
            run.names,
            run.names.next,
            role="building",
            like=like,
            owner=like.owner,
        )
        return run.names.next


class Fill(Restore):
    """Restores what lies on the disk, through its key where it has one."""

    def applies(self, plan: Plan) -> bool:  # noqa: ARG002 - a backup is always restored
        """Whether it is restored."""
        return True

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"pg_restore {plan.tools.restore_version} -e into it; one complaint, and it is no"
            " backup"
        )

    def do(self, run: Migration) -> str:
        """Restore it."""
        assert isinstance(run, Copying)
        began = time.monotonic()
        if run.archive.name.endswith(manifest.ENCRYPTED):
            pipe = run.pipe()
            restore.fill(run, run.decrypting(pipe), pipe=pipe)
        else:
            restore.fill(run)
        run.restored_s = round(time.monotonic() - began, 3)
        return f"into {run.names.next}"


class Give(Step):
    """Gives the restored database what is in no archive, as its manifest has it."""

    name: ClassVar[str] = "carry over"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"give it the settings, grants and limits that {plan.survey.origin.name} had"

    def do(self, run: Migration) -> str:
        """Give it."""
        had: carry.Belongings = BELONGINGS.validate_python(_known(run).belongings)
        carry.give(run.connection, run.names.next, had, run.plan.survey.origin.owner)
        return str(had)


class Certify(Step):
    """Writes down that the backup was restored and found to be what the database held."""

    name: ClassVar[str] = "certify"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:  # noqa: ARG002 - it is always the same
        """Return what it will do."""
        return "write into its manifest that it is verified: from then on it counts"

    def do(self, run: Migration) -> str:
        """Write it, if the archive is still the one that was restored."""
        assert isinstance(run, Copying)
        known = _known(run)
        if altered := manifest.altered(run.archive, known):
            raise ToolFailed(f"{run.archive.name} {altered}")
        gate = run.folder / "data" / verdict_file.FILE
        there = run.plan.after()
        verified = Verified(
            at=dt.datetime.now(dt.UTC),
            by=f"data gate: {verdict_file.read(gate).headline}",
            server=f"PostgreSQL {there.version} on {there.server}",
            restore_s=run.restored_s,
        )
        shutil.copyfile(gate, run.store / f"{run.name}.verdict.json")
        manifest.write(replace(known, verified=verified), run.store, run.name)
        return f"{run.name} counts"


def _known(run: Migration) -> Manifest:
    """Return what the disk says of the backup.

    :raises ToolFailed: nothing that can be read.
    """
    assert isinstance(run, Copying)
    try:
        return manifest.read(manifest.place(run.store, run.name))
    except UsageError as error:
        raise ToolFailed(error.message) from None


def _noted(run: Copying, started: dt.datetime) -> Manifest:
    """Return what is known of a backup that is written and not verified."""
    plan, there, known = run.plan, run.plan.before(), baseline_file.read(run.baseline)
    return Manifest(
        version=manifest.VERSION,
        gatepost=gatepost.__version__,
        project=plan.settings.project.name,
        label=run.label,
        database=there.database,
        server=there.server,
        system_identifier=there.system_identifier,
        server_version=there.version,
        pg_dump=plan.tools.version,
        pg_restore=plan.tools.restore_version,
        snapshot=run.snapshot,
        started=started,
        finished=dt.datetime.now(dt.UTC),
        archive=run.archive.name,
        bytes=run.archive.stat().st_size,
        sha256=archive.sums_of(run.archive).read_text(encoding="utf-8").split()[0],
        encrypted_to=run.encrypt_to,
        baseline=run.baseline.name,
        relations=len(known.relations),
        rows=sum(one.digest.rows for one in known.relations),
        like=LIKE.dump_python(plan.survey.origin, mode="json"),
        belongings=BELONGINGS.dump_python(_belongings(run), mode="json"),
    )


def _belongings(run: Copying) -> carry.Belongings:
    origin = run.plan.survey.origin
    before = database.read_only(run.plan.settings.before, snapshot=run.snapshot, label="backup")
    with contextlib.closing(before) as conn:
        return carry.read(conn, origin.name, origin.connection_limit)


def _unfinished(run: Migration) -> list[Path]:
    assert isinstance(run, Copying)
    return sorted(run.store.glob(f"{_literal(run.name)}*.part"))


def _literal(name: str) -> str:
    """Return a name as a pattern that is that name alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
