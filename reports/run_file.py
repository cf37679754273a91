"""What did a whole migration come to?  The runner's `run.json`, as the report reads it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.errors import UsageError
from gatepost.settings import Gate as GateName
from gatepost.verdict import SideInfo, Word

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.json"


@dataclass(frozen=True)
class Step:
    """One step of the migration."""

    name: str
    state: Literal["done", "failed", "undone", "not reached"]
    started: dt.datetime | None = None
    duration_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class GateRun:
    """A gate that the runner asked, and the folder of its verdict."""

    gate: GateName
    folder: str
    word: Word


@dataclass(frozen=True)
class Run:
    """A `run.json`, field by field.

    :param meaning: the exit status in words: "rolled back, and the rollback verified".
    :param downtime_s: seconds between stop and start of the application; None if it never stopped.
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
    rollback: Literal["verified", "failed"] | None = None
    before: SideInfo | None = None
    after: SideInfo | None = None


_RUN = TypeAdapter(Run)


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
