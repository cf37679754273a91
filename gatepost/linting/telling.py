"""What is said of a pending migration, in a gate?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import names
from gatepost.linting import judging, walk
from gatepost.linting.cases import Hit
from gatepost.migrations import chain

if TYPE_CHECKING:
    from gatepost.linting.judging import Told
    from gatepost.linting.planned import Pending
    from gatepost.session import Session
    from gatepost.settings import Settings


def of(session: Session, pending: Pending) -> Told:
    """Return what is wrong with a pending migration, by what will be there when it runs.

    All pending ones are read at once, the first time that one is asked about.
    """
    side, settings = session.before, session.settings
    hits: dict[str, tuple[Hit, ...]] = side.store.once(
        "lint",
        dict[str, tuple[Hit, ...]],
        lambda: walk.over(
            pending.files, side.catalog, side.connection, runner(settings, pending), path(settings)
        ),
    )
    declared = settings.project.lint
    return judging.judge(
        hits[pending.file.name],
        declared.locks_up_to,
        live=settings.in_place,
        dropped={one.name: one.because for one in settings.project.dropped},
    )


def runner(settings: Settings, pending: Pending) -> walk.Runner:
    """Return who will run the files: that decides what is one transaction."""
    if pending.file.path.name == chain.SCRIPT:
        return "prisma"
    return "ours" if settings.project.migrate.runs_migrations else "another"


def path(settings: Settings) -> tuple[str, ...]:
    """Return the schemas in which the files look for names: Prisma's is that of its ledger."""
    migrate = settings.project.migrate
    if migrate.fill == "prisma":
        return (names.relation(migrate.ledger).schema,)
    return ("public",)
