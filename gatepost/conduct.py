"""What did the project declare about how a migration is carried out?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatepost.record import Command, Record, Seconds


class Migrate(Record):
    """How the target is filled, and what is told to the application meanwhile."""

    fill: Literal["dump-restore"] = "dump-restore"
    jobs: int = Field(default=2, ge=1, le=64)
    pg_bin: str = ""
    stop: Command = ()
    start: Command = ()
    status: Command = ()
    filled: Command = ()
    hook_timeout: Seconds = 120.0
    lock_timeout: Seconds = 10.0
    swap_timeout: Seconds = 30.0
    work: str = "gatepost-runs"
