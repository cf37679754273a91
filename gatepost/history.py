"""How long did reading each relation take in the last run of the same gate?

While a run reads, each process notes the time in the folder of facts; at the end the notes become
one small file beside the verdict, where the next run finds it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

FILE = "history.json"
NOTES = "timings.jsonl"
SCHEMA_VERSION: Literal[1] = 1


@dataclass(frozen=True)
class Timing:
    """One reading of a relation, or of a slice of it, on one connection; ``seconds`` it took."""

    relation: str
    seconds: float


@dataclass(frozen=True)
class Measured:
    """What reading one relation took.

    :param bytes: its size on the larger side at that time.
    :param seconds: of one connection, on the slower side.
    """

    bytes: int
    seconds: float


@dataclass(frozen=True)
class Pair:
    """What must be the same for an earlier run to tell anything; ``database`` is the source's."""

    project: str
    target: str
    database: str


@dataclass(frozen=True)
class History:
    """A `history.json`: of which pair it tells, and what the last runs measured, by relation."""

    schema_version: Literal[1]
    pair: Pair
    relations: dict[str, Measured]


_HISTORY = TypeAdapter(History)
_TIMING = TypeAdapter(Timing)


class Notes:
    """What one process notes, in a side's folder of facts; others may note there at once.

    The file is opened for the first note: of a side that reads nothing there is none to close.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NOTES
        self._file: FileIO | None = None
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def timed(self, relation: object) -> Iterator[None]:
        """Note how long one connection read ``relation`` for.

        Every slice is noted by itself, and what failed not at all.
        """
        began = time.monotonic()
        yield
        timing = Timing(str(relation), round(time.monotonic() - began, 6))
        line = _TIMING.dump_json(timing) + b"\n"
        with self._lock:
            if self._file is None:
                self._file = self._path.open("ab", buffering=0)
            # One write of a short line to a file opened for appending is never torn by another's.
            self._file.write(line)

    def close(self) -> None:
        """Close the file; what was noted stays."""
        with self._lock:
            if self._file is not None:
                self._file.close()


def noted(folder: Path) -> dict[str, float]:
    """Return the seconds that one side took, by relation; empty where nothing was read."""
    file = folder / NOTES
    taken: dict[str, float] = defaultdict(float)
    if file.exists():
        for line in file.read_bytes().splitlines():
            timing = _TIMING.validate_json(line)
            taken[timing.relation] += timing.seconds
    return dict(taken)


def read(out: Path, label: str, pair: Pair) -> dict[str, Measured]:
    """Return what earlier runs measured, by relation; empty if there was none of the same pair.

    :param out: the folder of the gate's verdict.
    :param label: the run's id.  The runner gives each run a folder of that name: the youngest
        history of the runs beside it counts where this one has none yet.
    """
    files = [out / FILE]
    if out.parent.name == label:
        beside = out.parent.parent.glob(f"*/{out.name}/{FILE}")
        files += sorted(beside, key=lambda file: file.stat().st_mtime, reverse=True)
    found = (_loaded(file, pair) for file in files)
    return next((one for one in found if one), {})


def write(out: Path, pair: Pair, measured: dict[str, Measured]) -> None:
    """Put measurements in place; relations that this run did not read keep their earlier ones."""
    history = History(SCHEMA_VERSION, pair, {**_loaded(out / FILE, pair), **measured})
    part = out / f"{FILE}.part"
    part.write_bytes(_HISTORY.dump_json(history, indent=2) + b"\n")
    part.replace(out / FILE)


def _loaded(file: Path, pair: Pair) -> dict[str, Measured]:
    try:
        found = _HISTORY.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return {}  # an estimate is made without it, and nothing else depends on it
    return found.relations if found.pair == pair else {}
