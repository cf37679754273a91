"""How is a release watched until its time is over, and what is done when there is trouble?"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gatepost import database, rooms
from gatepost.errors import GatepostError, UsageError
from gatepost.settings import Settings

from ..outcome import Exit
from ..programs import children
from ..programs.children import Command
from ..programs.hooks import Hooks
from ..programs.signals import Signals
from ..servers import databases, labels
from .signs import Signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..screen.terminal import Terminal

FILE = "watch.jsonl"
_ROLLBACK = "rollback"
# A rollback is not ended because it takes longer than was hoped: half of one is worse.
_PATIENCE = 4
_LEAST = 900.0  # seconds, where the project has no limit

Word = Literal["HEALTHY", "TROUBLE", "ROLLED BACK", "ROLLBACK FAILED"]
_WORDS: dict[Exit, Word] = {
    Exit.GO: "HEALTHY",
    Exit.REFUSED: "TROUBLE",
    Exit.ROLLED_BACK: "ROLLED BACK",
    Exit.ROLLBACK_FAILED: "ROLLBACK FAILED",
}


@dataclass(frozen=True)
class Watched:
    """How it ended.

    :param reason: the trouble; empty where there was none.
    :param done: what was done about it, in order.
    """

    word: Word
    exit_status: int
    run: str
    looks: int
    reason: str = ""
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """What is watched: the run whose GO is live, its folder and the settings.

    :param target: as the user gave it.
    """

    label: str
    folder: Path
    settings: Settings
    target: str
    source: str


def find(settings: Settings, target: str, source: str) -> Release:
    """Return the release that is live, as the database's own mark says it.

    :raises UsageError: no run of ours ended there in GO.
    """
    dsn = settings.after
    with contextlib.closing(database.read_only(databases.maintenance(dsn), label="watch")) as conn:
        there = databases.named(conn, dsn.dbname)
    mark = labels.read(there.comment) if there else None
    if mark is None or mark.role != "live":
        raise UsageError(
            f"{dsn.dbname}: no run has ended there in GO, so there is nothing to watch",
            hint=f"gatepost migrate --target={settings.target_name} --execute",
        )
    folder = settings.path(settings.project.migrate.work) / mark.label
    folder.mkdir(parents=True, exist_ok=True)
    return Release(mark.label, folder, settings, target, source)


class Watch:
    """One release being watched.

    :raises UsageError: a source cannot be looked at.
    """

    def __init__(self, release: Release, terminal: Terminal) -> None:
        self._release, self._terminal = release, terminal
        self._declared = release.settings.project.watch
        self._signs = Signs(release.settings)
        self._looks = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What is looked at."""
        return tuple(source.name for source in self._signs.sources)

    def until(self, lasts: float) -> Watched:
        """Look until there is trouble, or ``lasts`` seconds are over, and do what is declared."""
        self._note("begin", lasts=lasts, sources=self.names)
        with contextlib.closing(self._signs):
            reason = self._trouble(time.monotonic() + lasts)
        if not reason:
            return self._ended(Exit.GO)
        self._note("trouble", reason=reason)
        self._terminal.say(f"trouble: {reason}", "red")
        if self._declared.action == _ROLLBACK:
            return self._roll_back(reason)
        return self._ended(Exit.REFUSED, reason, (self._notify(reason, "none"),))

    def _trouble(self, deadline: float) -> str:
        """Return the first trouble there is; empty where there is none until the deadline."""
        shown: tuple[str, ...] = ()
        late = 0  # looks since the deadline
        while True:
            began = time.monotonic()
            signs = self._signs.look()
            self._looks += 1
            for sign in signs:
                self._note("sign", name=sign.name, what=sign.what, times=sign.times)
            if now := tuple(str(sign) for sign in signs):
                for text in now:
                    self._terminal.say(f"  {_clock()}  {text}", "yellow")
            elif shown:
                self._terminal.say(f"  {_clock()}  well again")
            shown = now
            if trouble := [str(sign) for sign in signs if sign.is_trouble]:
                return "; ".join(trouble)
            next_look = began + self._declared.every
            if next_look >= deadline:
                # What was wrong when the time was over is looked at until it is trouble, or gone.
                if not any(sign.times > late for sign in signs):
                    time.sleep(max(0.0, deadline - time.monotonic()))
                    return ""
                late += 1
            time.sleep(max(0.0, next_look - time.monotonic()))

    def _roll_back(self, reason: str) -> Watched:
        """Call the rollback, which refuses by itself where it would lose what users wrote."""
        self._terminal.say("rolling back", "bold")
        limit = self._release.settings.project.limits.rollback
        command = self._command()
        with Signals().heeded() as signals:
            signals.deaf = True  # it is the way back: nobody is to be left in the middle of it
            try:
                (status,) = children.run(command, timeout=max(_LEAST, _PATIENCE * limit))
            except GatepostError as error:
                done = f"the rollback did not end: {error.message}"
                status = Exit.ROLLBACK_FAILED
            else:
                done = _said(status, command.output)
        self._note("rollback", status=status, said=done)
        self._terminal.say(f"  {done}", "" if status == Exit.ROLLED_BACK else "red")
        if status == Exit.ROLLED_BACK:
            outcome, ended = "rolled back", Exit.ROLLED_BACK
        elif status == Exit.ROLLBACK_FAILED:
            outcome, ended = "rollback failed", Exit.ROLLBACK_FAILED
        else:
            outcome, ended = "rollback refused", Exit.REFUSED
        return self._ended(ended, reason, (done, self._notify(f"{reason}; {done}", outcome)))

    def _command(self) -> Command:
        given = [f"--target={self._release.target}", f"--project={self._release.settings.folder}"]
        if self._release.source:
            given.append(f"--source={self._release.source}")
        given.append(f"--run={self._release.label}")
        return Command(
            _ROLLBACK,
            (sys.executable, "-m", rooms.module("runner"), _ROLLBACK, *given, "--execute"),
            self._release.folder / "watch-rollback.txt",
            cwd=rooms.start_folder(),
        )

    def _notify(self, reason: str, action: str) -> str:
        """Tell people; return whether they were told."""
        told = self._told(reason, action)
        self._note("notify", said=told)
        self._terminal.say(f"  {told}", "" if told == _NOTIFIED else "red")
        return told

    def _told(self, reason: str, action: str) -> str:
        if not self._declared.notify:
            return "nobody is notified: [watch] notify names no command"
        try:
            _hooks(self._release).notify(
                self._declared.notify, GATEPOST_REASON=reason, GATEPOST_ACTION=action
            )
        except GatepostError as error:
            return f"nobody was notified: {error.message}"
        return _NOTIFIED

    def _ended(self, status: Exit, reason: str = "", done: tuple[str, ...] = ()) -> Watched:
        ended = Watched(_WORDS[status], status, self._release.label, self._looks, reason, done)
        self._note("end", **asdict(ended))
        return ended

    def _note(self, event: str, **more: Any) -> None:
        line = {"at": dt.datetime.now(dt.UTC).isoformat(), "event": event, **more}
        # A full disk must not end the watch: that is when it is needed.
        with contextlib.suppress(OSError), (self._release.folder / FILE).open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


_NOTIFIED = "notified"


def _hooks(release: Release) -> Hooks:
    settings = release.settings
    told: Mapping[str, str] = {
        "GATEPOST_RUN": release.label,
        "GATEPOST_RUN_FOLDER": str(release.folder),
        "GATEPOST_TARGET_NAME": settings.target_name,
        "GATEPOST_DATABASE": settings.after.dbname,
    }
    password = settings.after.parameters.get("password", "")
    secrets = (password,) if password else ()
    return Hooks(settings.project.migrate, release.folder / "hooks", settings.folder, told, secrets)


def _said(status: int, output: Path) -> str:
    if status == Exit.ROLLED_BACK:
        return "rolled back: the old database is live"
    lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    words = next((line for line in lines if line.startswith("REFUSED")), "") or "".join(lines[-1:])
    what = "failed" if status == Exit.ROLLBACK_FAILED else "was not done"
    return f"the rollback {what} (status {status}): {words.strip()}"


def _clock() -> str:
    return f"{dt.datetime.now().astimezone():%H:%M:%S}"
