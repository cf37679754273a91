"""Which verdicts of a target are kept, and to which of its runs do they belong?"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost import run_file, seal, verdict_file
from gatepost.errors import UsageError
from gatepost.run_file import Run
from gatepost.settings import GATES
from gatepost.verdict_file import Record

if TYPE_CHECKING:
    import datetime as dt


_CHANGING = frozenset({"data", "post"})


@dataclass(frozen=True)
class Kept:
    """A `verdict.json`.

    :param intact: whether its seal holds; None where it bears none.
    """

    file: Path
    record: Record
    intact: bool | None


@dataclass(frozen=True)
class Release:
    """All verdicts of one run, the last one last, and what the runner says of it.

    :param taken_back: how a rollback after its GO ended; empty where there was none.
    """

    label: str
    verdicts: tuple[Kept, ...]
    run: Run | None = None
    taken_back: str = ""

    @property
    def finished(self) -> dt.datetime:
        """When the last of its gates ended; of one that never did, when it began."""
        return self.verdicts[-1].record.finished

    @property
    def phase(self) -> str:
        """Of those in which the project migrates, the one that it ran; empty for all of them."""
        return self.verdicts[-1].record.phase

    @property
    def gates(self) -> frozenset[str]:
        """Which gates were asked of the target itself: that of a clone is no proof of it."""
        return frozenset(
            one.record.gate for one in self.verdicts if one.file.parent.name != run_file.TRIAL
        )

    @property
    def counts(self) -> bool:
        """Whether it says anything: a pre gate that was a GO, and no more, changed nothing."""
        return any(
            one.record.gate in _CHANGING or one.record.verdict != "GO" for one in self.verdicts
        )


@dataclass(frozen=True)
class Found:
    """What a folder holds of one target.

    :param releases: that say anything, the newest first.
    :param unreadable: a line for each verdict that nobody can read, and that may be of any target.
    :param rehearsals: how many verdicts were given by rehearsals, which prove nothing here.
    """

    releases: tuple[Release, ...] = ()
    unreadable: tuple[str, ...] = ()
    rehearsals: int = 0


def of(place: Path, project: str, target: str) -> Found:
    """Return what is kept of a target, below a folder or in one file."""
    by_run: dict[str, list[Kept]] = defaultdict(list)
    runs: dict[str, Run] = {}
    back: dict[str, str] = {}
    unreadable: list[str] = []
    rehearsals = 0
    for file in _files(place):
        try:
            document = _document(file)
            if (document.get("project"), document.get("target")) != (project, target):
                continue
            record = verdict_file.read(file)
            # Each gate of a run has a folder of its own in that of the run.
            run = run_file.read(file.parent.parent)
            # A copy of the folder may be older than what became of the run.
            back[record.run] = run_file.taken_back(file.parent.parent) or back.get(record.run, "")
        except UsageError as error:
            unreadable.append(error.message)
            continue
        rehearsals += record.rehearsal
        if not record.rehearsal:
            by_run[record.run].append(Kept(file, record, seal.holds(document)))
        if run is not None:
            runs[run.label] = run
    releases = [_release(ones, runs.get(label), back[label]) for label, ones in by_run.items()]
    counted = [one for one in releases if one.counts]
    counted.sort(key=lambda one: one.finished, reverse=True)
    return Found(tuple(counted), tuple(dict.fromkeys(unreadable)), rehearsals)


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(place.rglob(verdict_file.FILE))


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: no verdict that can be read: {error}") from None
    return document if isinstance(document, dict) else {}


def _release(verdicts: list[Kept], run: Run | None, taken_back: str) -> Release:
    verdicts.sort(key=lambda one: (one.record.finished, GATES.index(one.record.gate)))
    return Release(verdicts[0].record.run, tuple(verdicts), run, taken_back)
