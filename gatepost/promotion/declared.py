"""Where must a release have gone well before it comes here?  What the project declares of it."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from gatepost.record import Record, Seconds

WEEK = 7 * 86_400.0


class Promote(Record):
    """The target whose GO is the condition of others.

    :param origin: that target's name; `from` in the file.
    :param to: the targets whose condition it is; all others if empty.
    :param max_age: the oldest that its GO may be.
    :param verdicts: a folder below which its verdicts lie, or one `verdict.json`; the folder of
        the runs if empty.
    """

    model_config = ConfigDict(validate_by_name=True)

    origin: str = Field(alias="from", min_length=1)
    to: tuple[str, ...] = ()
    max_age: Seconds = Field(default=WEEK, gt=0)
    verdicts: str = ""
