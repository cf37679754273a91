"""How long will it take, and will it work?  The whole path, on a server that can be thrown away."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import time
from typing import TYPE_CHECKING

from gatepost import fingerprint
from gatepost.durations import spoken

from .. import plan, run
from ..record import journal
from ..rehearsals import rehearsal, rehearsing
from ..screen import telling
from .verb import Verb, add_no_report, add_phase

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.run_file import Run

    from ..plan import Plan
    from ..screen.terminal import Terminal

_COLOURS = {"GO": "green", "NO-GO": "red", "INCOMPLETE": "yellow"}
_OLD_FACTS = "old facts"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server",
        default="",
        metavar="URL",
        help="of a scratch server (default: one of our own, which ends with the rehearsal)",
    )
    add_phase(parser)
    add_no_report(parser)


def _rehearse(given: argparse.Namespace, terminal: Terminal) -> int:
    made = plan.make(given.project.resolve(), given.target, given.source, given.phase)
    terminal.say(f"rehearse on {rehearsing.server_of(made, given.server)}")
    terminal.say("  the source is read and not locked; no hook that stops or starts is called")
    with rehearsing.on_scratch(made, given.server) as scratch:
        telling.to_person(scratch, None, terminal, "what is rehearsed")
        if earlier := rehearsal.expect(made):
            terminal.expect(earlier.steps)
        ended, folder = run.execute(scratch, terminal, report=not given.no_report)
        _spare_the_disk(folder)
        kept = rehearsal.kept(scratch, _with_real_old(made, ended), _way_back(folder))
    file = rehearsal.write(kept, folder.parent)
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}", _COLOURS[ended.word])
    if kept.rollback_s is not None:
        allowed = made.settings.project.limits.rollback
        late = bool(allowed) and kept.rollback_s > allowed
        took = f"{spoken(kept.rollback_s)}, {spoken(allowed)} allowed{': too long' * late}"
        terminal.say(f"  way back  {took}", "red" if late else "")
    expected = rehearsal.expect(made) if ended.word == "GO" else None
    if expected:
        telling.window(expected, terminal)
    terminal.say(f"  kept      {file}")
    if given.json:
        told = {**rehearsal.as_data(kept), "window": telling.window_data(expected)}
        sys.stdout.write(json.dumps({**told, "exit_status": ended.exit_status}, indent=2) + "\n")
    return ended.exit_status


def _with_real_old(made: Plan, ended: Run) -> Run:
    """Return the run with the time that reading the target's own old database really takes.

    Nothing of it is on the scratch server; it is only read.
    """
    if made.survey.old is None or ended.word != "GO":
        return ended
    began = time.monotonic()
    fingerprint.of(made.settings.after)
    took = round(time.monotonic() - began, 3)
    steps = (
        dataclasses.replace(one, duration_s=took) if one.name == _OLD_FACTS else one
        for one in ended.steps
    )
    return dataclasses.replace(ended, steps=tuple(steps))


def _way_back(folder: Path) -> float | None:
    """Return the seconds from the first step that was undone to the last; None without one."""
    moments = list(_undone(folder))
    return round(moments[-1] - moments[0], 3) if moments else None


def _undone(folder: Path) -> Iterator[float]:
    for line in journal.read(folder):
        if line.event in ("undo", "undone"):
            yield float(line.more["monotonic"])


def _spare_the_disk(folder: Path) -> None:
    """Remove the archive: a rehearsal is no backup."""
    for archive in folder.glob("source.dump*"):
        if archive.is_dir():
            shutil.rmtree(archive)
        else:
            archive.unlink()


VERB = Verb(
    "rehearse",
    help="do all of it on a scratch server, and keep how long each step takes",
    description="Reads the source, changes a scratch server alone, and drops what it made there."
    " The plan of `migrate` then says how long each step will take.",
    examples=(
        "gatepost rehearse --target=prod                on a server of our own",
        "gatepost rehearse --target=prod --server=URL   on one that is like the target's",
    ),
    arguments=_arguments,
    act=_rehearse,
)
