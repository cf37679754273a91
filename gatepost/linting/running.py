"""By whom are migrations run, and in which schemas does that look for names?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gatepost import names
from gatepost.migrations import chain

if TYPE_CHECKING:
    from gatepost.linting.parsing import Node
    from gatepost.migrations.chain import File
    from gatepost.settings import Settings

# Who runs the files: Prisma, or whoever does as it does; our own runner of plain files; another.
Runner = Literal["prisma", "ours", "another"]


def runner(settings: Settings, file: File) -> Runner:
    """Return who will run a file: that decides what is one transaction."""
    if file.path.name == chain.SCRIPT:
        return "prisma"
    return "ours" if settings.project.migrate.runs_migrations else "another"


def path(settings: Settings) -> tuple[str, ...]:
    """Return the schemas in which the files look for names: Prisma's is that of its ledger."""
    migrate = settings.project.migrate
    if migrate.fill == "prisma":
        return (names.relation(migrate.ledger).schema,)
    return ("public",)


def path_set(node: Node) -> tuple[str, ...] | None:
    """Return the schemas in which names are looked for after a SET; None where it leaves them.

    That of the role's own name nobody knows here.
    """
    if node.name != "search_path" or not node.args:
        return None
    names = (getattr(one.val, "sval", "") for one in node.args)
    return tuple(one for one in names if one not in ("", "$user"))
