"""What are a run and its databases called, and how does a database say whose it is?

The comment of a database is a journal that survives everything and is read without connecting
to the database: its first line says which run made it and what it is to that run.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass

from gatepost.errors import UsageError

PLACEHOLDER = "<run>"
CHANGING = "changing"
LONGEST = 63  # bytes of a name in PostgreSQL; longer ones are cut without a word
LENGTH = len("20261121T133200-ab12")  # of a label
_LABEL = r"\d{8}T\d{6}-[0-9a-f]{4}"
_MARK = re.compile(r"gatepost run=(\S+) role=(\S+)(?: keep-until=(\S+))?(?:\n(.*))?", re.DOTALL)


def new(now: dt.datetime) -> str:
    """Return the label of a run that starts at ``now``, as in `20261121T133200-ab12`."""
    return f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"


@dataclass(frozen=True)
class Names:
    """The names of a run's databases.

    :param live: the target's own database.
    :param next: what is filled beside it.
    """

    live: str
    label: str

    @property
    def next(self) -> str:
        """The database that is filled beside the live one."""
        return f"{self.live}_next"

    @property
    def new(self) -> str:
        """`next` until it carries our comment: a name with the label in it says whose it is."""
        return f"{self.live}_new_{self.label}"

    @property
    def old(self) -> str:
        """What the live database is called after the swap."""
        return f"{self.live}_old_{self.label}"

    @property
    def failed(self) -> str:
        """What the new database is called after a rollback that came later than its GO."""
        return f"{self.live}_failed_{self.label}"

    @property
    def drill(self) -> str:
        """The scratch database that is renamed forth and back before anything is stopped."""
        return f"{self.live}_drill_{self.label}"

    def check(self) -> None:
        """Make sure that PostgreSQL will not cut a name.

        :raises UsageError: the longest would be too long.
        """
        added = len(f"_failed_{new(dt.datetime.now(dt.UTC))}")
        if len(self.live.encode()) + added > LONGEST:
            raise UsageError(
                f"the name of the target's database is too long to be kept beside: {self.live}",
                hint=f"{LONGEST - added} bytes are the most",
            )


@dataclass(frozen=True)
class Mark:
    """What the comment of a database says about it.

    :param role: `building`, `drill`, `previous`; of the live one `swapped`, or `changing`
        where it is changed in place, and `live` since its GO;
        `failed` of one that was rolled back later.
    :param keep_until: a date, for `previous`.
    :param rest: the comment that was there before ours.
    """

    label: str
    role: str
    keep_until: str = ""
    rest: str = ""

    def __str__(self) -> str:
        until = f" keep-until={self.keep_until}" if self.keep_until else ""
        rest = f"\n{self.rest}" if self.rest else ""
        return f"gatepost run={self.label} role={self.role}{until}{rest}"


def read(comment: str) -> Mark | None:
    """Return the mark in a comment; None for a comment that is not ours."""
    match = _MARK.fullmatch(comment)
    return Mark(match[1], match[2], match[3] or "", match[4] or "") if match else None


def unmarked(comment: str) -> str:
    """Return a comment without the mark of whichever run."""
    mark = read(comment)
    return comment if mark is None else mark.rest


def of_a_run(name: str, live: str) -> bool:
    """Whether ``name`` is one that only a run gives, in passing, to a database beside ``live``."""
    return re.fullmatch(f"{re.escape(live)}_(new|drill)_{_LABEL}", name) is not None


def is_of_live(name: str, live: str) -> bool:
    """Whether ``name`` is ``live``, or one that a run gives to a database beside it."""
    return (
        re.fullmatch(f"{re.escape(live)}(_next|_(new|drill|old|failed)_{_LABEL})?", name)
        is not None
    )
