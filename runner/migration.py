"""What does a run under way hold, for its steps to share?"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import baseline
from gatepost.database import Connection
from gatepost.fingerprint import Fingerprint
from gatepost.measured import Measured
from gatepost.run_file import GateRun
from gatepost.schema.declarations import Object

from .plan import Plan
from .prober.outside import Outside
from .programs.hooks import Hooks
from .record.journal import Journal
from .record.lock import Lock
from .screen.terminal import Terminal
from .servers.labels import Names
from .servers.staging import Staging
from .servers.writes import Counts

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

FACTS = "facts"


@dataclass
class Migration:
    """A run under way.  Steps read the plan and leave here what later ones need.

    :param folder: the run's own, `WORK/LABEL`.
    :param lock: the run lock, held by a session in the maintenance database.
    :param held: what is let go when the run ends, or is rolled back to before it was held.
    :param snapshot: of the source, while ``holder`` holds it and the locks.
    :param rights: on the source before the fence took any; None where no fence was put up.
    :param counts: what had been written to the source when the snapshot was taken.
    :param fingerprint: of the target's old database, once the application was stopped.
    :param stopped: the monotonic moment at which the stop hook was called.
    :param recovering: whether it is taken back, or on, by another process than it began in.
    :param downtime: seconds, once the application is up again.
    :param staging: where the files of the source lie, once they are staged.
    :param outside: the prober, once it is out; ``measured``: what it saw, when the run has ended.
    """

    plan: Plan
    names: Names
    folder: Path
    lock: Lock
    journal: Journal
    terminal: Terminal
    hooks: Hooks
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    snapshot: str = ""
    holder: Connection | None = None
    counts: Counts | None = None
    rights: tuple[Object, ...] | None = None
    fingerprint: Fingerprint | None = None
    gates: list[GateRun] = field(default_factory=list)
    stopped: float | None = None
    downtime: float | None = None
    recovering: bool = False
    staging: Staging | None = None
    outside: Outside | None = None
    measured: Measured | None = None
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    began: float = field(default_factory=time.monotonic)

    @property
    def label(self) -> str:
        """The run's label."""
        return self.names.label

    @property
    def connection(self) -> Connection:
        """The session in the maintenance database: everything is said on it."""
        return self.lock.connection

    @property
    def archive(self) -> Path:
        """The dump."""
        return self.folder / "source.dump"

    @property
    def baseline(self) -> Path:
        """What the source held under the dump's snapshot."""
        return self.folder / baseline.FILE

    @property
    def facts(self) -> Path:
        """The folder of facts that the gates share."""
        return self.folder / FACTS

    @property
    def next(self) -> Dsn:
        """The address of the database that is being filled."""
        return self.plan.settings.after.of(self.names.next)

    def up_again(self) -> None:
        """Note that the application is up: the downtime is over."""
        if self.stopped is not None:
            self.downtime = time.monotonic() - self.stopped
