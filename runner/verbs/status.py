"""What is live, what is kept, and did a run stop half-way?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gatepost import project_file
from gatepost.backups import drills, manifest
from gatepost.settings import Backup
from gatepost.wording import counted, sized

from ..outcome import Exit
from ..record import state
from ..record.state import Kind
from ..returning import recovery
from ..servers import fence, files
from .verb import Verb

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from gatepost.settings import Settings

    from ..record.state import State
    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing more."""
    _ = parser


def _status(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    found = state.look(settings)
    backup = _backup(settings, found)
    drill = _drill(settings)
    staged = _files(settings, found)
    lines = [("files", staged)] if staged else []
    for name, said in (*lines, *_lines(found, backup, drill)):
        terminal.say(f"  {name:9} {said}")
    if given.json:
        told = {**_as_data(found, backup, drill), "files": staged or None}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    if found.kind is Kind.RUNNING:
        return Exit.LOCKED
    return Exit.UNFINISHED if found.unfinished else Exit.GO


def _lines(found: State, backup: str, drill: str) -> Iterator[tuple[str, str]]:
    """Yield what is to be told, each with its heading."""
    yield "target", f"{found.name} on system {found.system_identifier}"
    yield "live", _live(found)
    for one in found.kept:
        yield "kept", one.told
    if backup:
        yield "backup", backup
    if drill:
        yield "drill", drill
    if found.kind is Kind.RUNNING:
        yield "lock", f"{found.holder}: a run is under way"
    else:
        yield "lock", "free"
        yield from _unfinished(found)


def _unfinished(found: State) -> Iterator[tuple[str, str]]:
    """Yield what a run has left, and what can be done about it."""
    if found.unfinished:
        yield "run", f"unfinished: {found.kind}: {found.found}"
    if found.unfinished and found.history is not None:
        reached = found.history.reached
        last = f"came to the step '{reached[-1].name}'" if reached else "nothing of it is left"
        yield "journal", f"begun {found.history.begun.at:%Y-%m-%d %H:%M:%S} UTC, {last}"
    if (noted := _fence(found)) is not None:
        yield "fence", noted
    for living in recovery.living(found):
        yield "alive", f"{living} of the run"
    if way := state.way_out(found):
        yield "next", way


def _live(found: State) -> str:
    if found.live is None:
        return "nothing has that name yet"
    mark = state.mark(found.live)
    closed = "" if found.live.allows_connections else ", closed to all sessions"
    if mark is None:
        return f"no run of ours made it{closed}"
    return f"made by run {mark.label}{closed}" + (", without a GO" if found.swapped else "")


def _files(settings: Settings, found: State) -> str:
    """Return which files the run has read, or would read; empty where the source is a database."""
    if not settings.to_be_staged:
        return ""
    was = files.read(found.history.folder) if found.history else ()
    if not was:
        return files.told(settings)
    records, size = sum(one.records for one in was), sum(one.bytes for one in was)
    return (
        f"{counted(records, 'record')} of {counted(len(was), 'collection')} of"
        f" {files.called(settings)} ({sized(size)}), as run {found.label} has staged them"
    )


def _backup(settings: Settings, found: State) -> str:
    """Return which backup of ours could be restored; empty where the project has none at all."""
    declared = settings.project.backup or Backup()
    folder = settings.path(declared.folder)
    newest = manifest.newest_good(folder, (found.system_identifier, found.name))
    if newest is not None and newest.at is not None:
        return f"{newest.name}, of {newest.at:%Y-%m-%d %H:%M} UTC, in {folder}"
    return f"none of {found.name} in {folder} that counts" if settings.project.backup else ""


def _drill(settings: Settings) -> str:
    """Return how the last drill ended; empty where there was none."""
    work = settings.path(settings.project.migrate.work)
    last = drills.last(work, settings.target_name)
    return "" if last is None else str(last)


def _fence(found: State) -> str | None:
    """Return what a run's fence still keeps from others; None where nothing is."""
    noted = fence.read(found.history.folder) if found.history else None
    if noted is None or noted.lifted or not fence.statements(noted):
        return None
    return f"around {noted.database} still; down by: {'; '.join(fence.statements(noted))}"


def _as_data(found: State, backup: str, drill: str) -> dict[str, Any]:
    mark = state.mark(found.live)
    history = found.history
    return {
        "state": found.kind.name.lower(),
        "target": found.name,
        "system_identifier": found.system_identifier,
        "live_by": mark.label if mark else None,
        "open": found.live is not None and found.live.allows_connections,
        "kept": [vars(one) for one in found.kept],
        "run": found.label or None,
        "unfinished": found.unfinished,
        "found": found.found if found.unfinished else None,
        "reached": [step.name for step in history.reached] if history else None,
        "left": list(found.left),
        "sessions": [str(one) for one in found.sessions],
        "processes": list(found.processes),
        "lock": found.holder or None,
        "fence": _fence(found),
        "backup": backup or None,
        "drill": drill or None,
        "next": state.way_out(found) or None,
    }


VERB = Verb(
    "status",
    help="what is live, what is kept, and whether a run stopped half-way",
    description="Reads the target's server and the folders of runs; changes nothing, locks nothing."
    " Exit status: 0; 40 while a run is under way; 50 if one stopped half-way.",
    examples=(
        "gatepost status --target=prod                  look",
        "gatepost status --target=prod --json           the same, for a program to read",
    ),
    arguments=_arguments,
    act=_status,
)
