"""What is one run of one gate about?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pydantic.dataclasses import dataclass

from gatepost.settings import Gate as GateName
from gatepost.settings import Settings
from gatepost.verdict import MigrationFile, NotPlanned, Planned, SideInfo

# The fixtures register a `Gate` with pytest under this name, and the reports look it up: the two
# rooms do not import each other.
PLUGIN = "gatepost-gate"

# What an item carries from worker to controller in its user_properties, each a JSON text.
CHECK = "gatepost.check"  # {"question": …, "subject": …}
EVIDENCE = "gatepost.evidence"  # [{"name": …, "type": …, "body": …}, …]
NOTES = "gatepost.notes"  # ["…", …]


@dataclass(frozen=True, eq=False)  # itself and no other: pytest wants plugins it can hash
class Gate:
    """A gate about to be asked: every check known, no answer yet.

    :param label: the run's id, the same in the journal, the report and the databases.
    :param out: the folder for the verdict and all that goes with it.
    :param migrations: the files of the project's migrations, as they are.
    :param remarks: asked at the end: how the sides were compared, and what held reading back.
    """

    name: GateName
    label: str
    started: dt.datetime
    out: Path
    settings: Settings
    plan: tuple[Planned, ...]
    not_planned: tuple[NotPlanned, ...]
    before: SideInfo | None = None
    after: SideInfo | None = None
    migrations: tuple[MigrationFile, ...] = ()
    remarks: Callable[[], tuple[str, ...]] = tuple
