"""The steps that make a database of files: first to be asked about, and then to be loaded from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost.wording import counted, sized

from ..servers import files, staging
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage as Reached
    from ..plan import Plan
    from ..servers.staging import Staging

_MANY = 1000  # records, of fewer than which a rate says nothing


class Stage(Step):
    """Copies the files into a database, while the application is still up.

    What no gate could ask of a file it asks of this: whether every field goes somewhere, and every
    value will fit.
    """

    name: ClassVar[str] = "stage"
    stage: ClassVar[Reached] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether the source is files."""
        return plan.from_files

    def says(self, plan: Plan) -> str:
        """Return what it will do; no file is read for it."""
        where = "on the scratch server" if plan.settings.source.scratch else "on a server of ours"
        return f"copy {files.told(plan.settings)} into a database {where}, and hash what is read"

    def do(self, run: Migration) -> str:
        """Copy them.

        :raises NoGo: a file is not what it should be.
        """
        return _told(staging.first(run))

    def found(self, run: Migration) -> bool:
        """Whether anything is held for it."""
        return run.staging is not None

    def undo(self, run: Migration) -> str:
        """Let it go: the files were only read."""
        staging.let_go(run)
        return "what was staged is dropped; the files were only read"


class StageAgain(Step):
    """Makes sure that what will be loaded is what lies there after the stop."""

    name: ClassVar[str] = "stage again"
    stage: ClassVar[Reached] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether the source is files."""
        return plan.from_files

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if plan.rehearsal:
            return "copy the files once more, as if they had been written meanwhile"
        return "hash the files again; copy them once more if one was written since"

    def do(self, run: Migration) -> str:
        """Look, and copy them again where that is needed.

        :raises NoGo: a file is not what it should be.
        """
        was = run.staging
        assert was is not None  # made by `stage`
        # What is rehearsed is the longer of both ways: an application writes until it is stopped.
        if run.plan.rehearsal:
            return _told(staging.again(run, was))
        since = files.changed(was.settings, was.files, run.terminal.advance)
        if not since:
            return f"{counted(len(was.files), 'collection')} as staged, by sha256"
        return f"{'; '.join(since)}: {_told(staging.again(run, was))}"


def _told(made: Staging) -> str:
    found = made.files
    records, size = sum(one.records for one in found), sum(one.bytes for one in found)
    said = f"{counted(records, 'record')} of {counted(len(found), 'collection')}"
    if size:  # of the tables of a database nobody knows it
        said = f"{said}, {sized(size)}"
    if records < _MANY:
        return said
    return f"{said}, {records / made.staged.seconds:,.0f} records/s"
