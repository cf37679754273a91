"""Who waits for a statement, and how long?  By the sizes that tables have now.

Only tables that are there before the first pending file count: nobody waits for a new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.linting import rules, works
from gatepost.linting.written import words
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.works import Long
    from gatepost.names import Relation

# How ALTER DOMAIN … ADD CONSTRAINT is marked in the tree.
_ADDS = "C"
# Parts of ALTER TABLE that keep nobody from reading and writing.
_MILD = frozenset(
    {"AT_ValidateConstraint", "AT_SetStatistics", "AT_SetOptions", "AT_AttachPartition"}
)


def waited_for(case: Case) -> Iterator[Hit]:
    """Yield the work of an act that others wait for, by its own lock or by one that is held."""
    for one in works.of(case):
        if one.lock:
            yield _weighed(case.hit(one.rule, f"{one}; {one.lock}"), one)
        held = {
            relation: line
            for relation, line in case.block.held.items()
            if relation != one.table.relation or not one.lock
        }
        if held:
            yield _weighed(case.hit(rules.HELD, f"{one}, and {_kept(held)}"), one)


def _kept(held: Mapping[Relation, int]) -> str:
    """Return what stays locked meanwhile: the table that was locked first, and how many more."""
    first = min(held, key=lambda relation: held[relation])
    more = f" and {counted(len(held) - 1, 'other table')}" if len(held) > 1 else ""
    return f"{first}{more} stays locked since line {held[first]}"


def brief(case: Case) -> Iterator[Hit]:
    """Yield locks that last no time of their own, and may be waited for long."""
    act, node, world = case.act, case.act.node, case.world
    if act.kind == "DropStmt" and node.removeType.name == "OBJECT_INDEX" and not node.concurrent:
        for one in node.objects:
            relation = world.indexes.get(world.meant(*words(one)))
            table = world.tables.get(relation) if relation else None
            if table is not None and not table.made:
                yield case.hit(rules.BRIEF, f"drop index locks {table.relation} for everybody")
    elif act.kind == "AlterDomainStmt" and node.subtype == _ADDS and not node.def_.skip_validation:
        yield case.hit(rules.DOMAIN, "a constraint of a domain is checked wherever it is used")
    elif act.kind == "AlterTableCmd" and node.subtype.name == "AT_DetachPartition":
        said = "detach partition locks both tables for everybody"
        yield from () if node.def_.concurrent else (case.hit(rules.BRIEF, said),)


def remember(case: Case) -> None:
    """Note what an act locks for all others until its transaction ends."""
    act, world = case.act, case.world
    table = None
    if act.kind == "AlterTableCmd" and act.node.subtype.name not in _MILD:
        table = world.table(act.on)
    elif act.kind in ("IndexStmt", "RenameStmt", "CreateTrigStmt", "LockStmt"):
        on = act.node.relations[0] if act.kind == "LockStmt" else act.node.relation
        table = world.table(on) if on is not None else None
    concurrent = act.kind == "IndexStmt" and act.node.concurrent
    if table is not None and not table.made and table.bytes and not concurrent and not act.alone:
        case.block.held.setdefault(table.relation, act.line)


def _weighed(hit: Hit, work: Long) -> Hit:
    return replace(hit, bytes=work.table.bytes, seconds=work.seconds)
