"""Does the server know by itself how a column's values, and its default, become another type?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import rules
from gatepost.names import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.datatypes import Type
    from gatepost.linting.world import World

# What any value may be assigned to, as the text that it is written as.
_TEXTS = ("text", "varchar", "bpchar", "name")


def uncast(case: Case) -> Iterator[Hit]:
    """Yield a change of type for which a cast is to be written, and is not."""
    act, node = case.act, case.act.node
    if act.kind != "AlterTableCmd" or node.subtype.name != "AT_AlterColumnType":
        return
    table = case.world.table(act.on)
    column = table.columns.get(node.name) if table is not None else None
    if table is None or column is None:
        return
    to = case.world.type(node.def_.typeName)
    if _is_assigned(case.world, column.type, to):
        return
    what = f"{table.relation}.{dotted(column.name)}"
    if node.def_.raw_default is None:
        yield case.hit(rules.UNCAST, f"{what}: {column.type} becomes {to} by no cast of its own")
    elif column.has_literal and not _loses_default(case):
        yield case.hit(
            rules.UNCAST, f"the default of {what}: {column.type} becomes {to} by no cast of its own"
        )


def _is_assigned(world: World, old: Type, new: Type) -> bool:
    """Whether a value of one type is taken for one of the other; so is what nobody can tell."""
    if old.name == new.name or new.plain in _TEXTS or not world.facts.asked:
        return True
    known = all(_is_simple(world, one) for one in (old, new))
    return not known or (old.name, new.name) in world.facts.assigned


def _is_simple(world: World, one: Type) -> bool:
    """Whether it is an enum or one of the server's own types, and no array."""
    is_array = one.name.partition(".")[2].startswith("_")
    return not is_array and (bool(one.plain) or world.labels(one) is not None)


def _loses_default(case: Case) -> bool:
    """Whether the statement drops the default, which is done first wherever it is written."""
    commands = getattr(case.act.whole, "cmds", None) or ()
    return any(
        one.subtype.name == "AT_ColumnDefault"
        and one.def_ is None
        and one.name == case.act.node.name
        for one in commands
    )
