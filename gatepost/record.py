"""What are the records of a `gatepost.toml` made of?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from gatepost.durations import seconds

# A length of time as it is spoken, "10 min", or a number of seconds.
Seconds = Annotated[float, BeforeValidator(lambda v: seconds(v) if isinstance(v, str) else v)]
# A program and its arguments, or a line for a shell.
Command = str | tuple[str, ...]


class Record(BaseModel):
    """A table of the file: frozen, and without a key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
