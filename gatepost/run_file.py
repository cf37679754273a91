"""What did a whole migration come to?  `run.json`: the runner writes it, the report reads it.

Of a release that was taken back after its GO, `rollback.json` lies beside it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.errors import UsageError
from gatepost.measured import Measured
from gatepost.migrations.record import Ran
from gatepost.settings import Gate as GateName
from gatepost.verdict import SideInfo, Word

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.json"
ROLLBACK = "rollback.json"
REFUSED = "REFUSED"  # by which a rollback tells that it has changed nothing
TRIAL = "trial"  # the folder of the data gate of a clone, where one is asked first
SCHEMA_VERSION: Literal[1] = 1

State = Literal["done", "failed", "undone", "not reached"]
Rollback = Literal["verified", "failed"]


@dataclass(frozen=True)
class Step:
    """What became of one step; ``duration_s`` in seconds."""

    name: str
    state: State
    started: dt.datetime | None = None
    duration_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class GateRun:
    """What a gate said; its own files lie in ``folder``, below the run's."""

    gate: GateName
    folder: str
    word: Word


@dataclass(frozen=True)
class SourceFile:
    """A file that was staged, as it was when it was read.

    :param file: within the source's folder; empty for a table of another database.
    :param sha256: of its bytes; of the documents where it was no file.
    """

    collection: str
    file: str
    bytes: int
    sha256: str
    records: int


@dataclass(frozen=True)
class Run:
    """A `run.json`, field by field.

    :param meaning: the exit status in words: "rolled back, and the rollback verified".
    :param downtime_s: as it was seen from outside, else from the stop hook to the moment the
        application was up again; None where it was never stopped, or is not up.
    :param rollback: None where there was nothing to roll back.
    :param source: the files that were migrated, where the source is files.
    :param migrations: those that were run on what is live now, or would be, by what is recorded.
    """

    schema_version: Literal[1]
    word: Word
    exit_status: int
    meaning: str
    label: str
    project: str
    target: str
    started: dt.datetime
    finished: dt.datetime
    duration_s: float
    downtime_s: float | None = None
    steps: tuple[Step, ...] = ()
    gates: tuple[GateRun, ...] = ()
    rollback: Rollback | None = None
    measured: Measured | None = None
    before: SideInfo | None = None
    after: SideInfo | None = None
    source: tuple[SourceFile, ...] = ()
    migrations: tuple[Ran, ...] = ()


_RUN = TypeAdapter(Run)


def as_json(run: Run) -> str:
    """Return the run as its file holds it."""
    return _RUN.dump_json(run, indent=2).decode()


def write(run: Run, folder: Path) -> None:
    """Replace the `run.json` of ``folder``, whole or not at all."""
    part = folder / f"{FILE}.part"
    with part.open("w", encoding="utf-8") as file:
        file.write(as_json(run) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)


def read(folder: Path) -> Run | None:
    """Return the run of ``folder``; None where it holds none.

    :raises UsageError: there is one, but it cannot be read.
    """
    file = folder / FILE
    if not file.exists():
        return None
    try:
        return _RUN.validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{file}: no run that can be read: {where}: {first['msg']}") from None


def taken_back(folder: Path) -> str:
    """Return how a rollback after the GO ended, in a word; empty where none has changed anything.

    :raises UsageError: there was one, but it cannot be read.
    """
    file = folder / ROLLBACK
    try:
        said = json.loads(file.read_bytes())
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: no rollback that can be read: {error}") from None
    word = said.get("word") if isinstance(said, dict) else None
    if not isinstance(word, str) or not word:
        raise UsageError(f"{file}: no rollback that can be read: word: it has none")
    return "" if word == REFUSED else word
