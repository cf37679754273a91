"""What are the records of a `gatepost.toml` made of?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from gatepost.durations import seconds
from gatepost.sizes import rate, size

# A length of time as it is spoken, "10 min", or a number of seconds.
Seconds = Annotated[float, BeforeValidator(lambda v: seconds(v) if isinstance(v, str) else v)]
# Bytes as they are spoken, "8 MB", or their number; and so many a second.
Bytes = Annotated[int, BeforeValidator(lambda v: size(v) if isinstance(v, str) else v)]
Rate = Annotated[float, BeforeValidator(lambda v: rate(v) if isinstance(v, str) else v)]
# A program and its arguments, or a line for a shell.
Command = str | tuple[str, ...]


class Record(BaseModel):
    """A table of the file: frozen, and without a key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
