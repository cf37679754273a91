"""What is said of a pending migration, in a gate?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import judging, walk
from gatepost.linting.cases import Hit
from gatepost.linting.running import path, runner

if TYPE_CHECKING:
    from gatepost.linting.planned import Pending
    from gatepost.session import Session
    from gatepost.told import Told


def of(session: Session, pending: Pending) -> Told:
    """Return what is wrong with a pending migration, by what will be there when it runs.

    All pending ones are read at once, the first time that one is asked about.
    """
    side, settings = session.before, session.settings
    whose = runner(settings, pending.file)
    hits: dict[str, tuple[Hit, ...]] = side.store.once(
        "lint",
        dict[str, tuple[Hit, ...]],
        lambda: walk.over(pending.files, side.catalog, side.connection, whose, path(settings)),
    )
    declared = settings.project.lint
    return judging.judge(
        hits[pending.file.name],
        declared.locks_up_to,
        live=settings.in_place,
        dropped={one.name: one.because for one in settings.project.dropped},
    )
