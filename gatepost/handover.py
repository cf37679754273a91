"""What is asked of a session, and what does a worker need to join it?"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from gatepost.parity.hashes import Hash
from gatepost.settings import Gate as GateName
from gatepost.staging.progress import Progress


@dataclass(frozen=True)
class Request:
    """What a caller asks for, beside the settings.

    :param out: the folder for the verdict.
    :param label: the run's id; made here if empty.
    :param facts: a folder of facts that the runner has begun to fill; a fresh one if empty.
    :param before_snapshot: held by the runner on the before side, under which the dump was taken.
    :param database: another database on the target's server, which is to become the target.
    :param replayed: an LSN of the before side that the after side must have replayed first.
    :param alone: no worker will join the session.
    :param staging: told how far it has come, where the source is staged first.
    """

    gate: GateName
    out: Path
    label: str = ""
    facts: Path | None = None
    before_snapshot: str = ""
    database: str = ""
    replayed: str = ""
    alone: bool = False
    staging: Callable[[Progress], None] | None = None


@dataclass(frozen=True)
class Handover:
    """What a worker needs to join a session.  No address and no secret is in it.

    :param staged: the address of the database into which the source was staged; empty if it was
        not.  What opens it lies in a file that only this account may read.
    :param hash: under which values are compared; ``hash_because``: why not the fast one.
    :param utf8: by side, whether its texts are compared as UTF-8.
    """

    gate: GateName
    out: Path
    label: str
    started: dt.datetime
    facts: Path
    before_snapshot: str
    after_snapshot: str
    database: str
    staged: str
    hash: Hash
    hash_because: str
    utf8: tuple[bool, bool]

    def dumps(self) -> str:
        """Return it as text, for the pipe to a worker."""
        return TypeAdapter(Handover).dump_json(self).decode()

    @staticmethod
    def loads(text: str) -> Handover:
        """Return it from text."""
        return TypeAdapter(Handover).validate_json(text)


def new_label(now: dt.datetime | None = None) -> str:
    """Return a run's id: the moment, so that ids sort, and four characters against chance."""
    moment = now or dt.datetime.now(dt.UTC)
    return f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
