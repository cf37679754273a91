"""Did the release that is to come here go well where it was to go first?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import gatepost
from gatepost.promotion import files, judging, kept

if TYPE_CHECKING:
    from gatepost.promotion.declared import Promote
    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.told import Told


def told(settings: Settings, declared: Promote, after: Side) -> Told:
    """Return why the other target's newest run does not let the release come here.

    :param after: the database to which it would come.

    Reads every `verdict.json` below the folder, and the project's migrations.
    """
    place = declared.verdicts or settings.project.migrate.work
    origin = settings.project.targets.get(declared.origin)
    found = kept.of(settings.path(place), settings.project.name, declared.origin)
    wanted = judging.Wanted(
        origin=declared.origin,
        place=place,
        app=bool(origin and origin.app),
        version=gatepost.__version__,
        phase=settings.phase,
        migrations=files.here(settings),
        database=after.info,
        now=dt.datetime.now(dt.UTC),
    )
    return judging.told(found, wanted, declared)
