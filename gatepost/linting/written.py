"""What does a statement write out of a table: its name, its columns, what constrains them?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.linting.datatypes import SERIAL, UNKNOWN, written
from gatepost.linting.parsing import is_literal, kind, within
from gatepost.linting.world import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.parsing import Node
    from gatepost.linting.world import World
    from gatepost.names import Relation

# Constraints that an index of the same name stands behind, and what the server calls one.
INDEXED = {"CONSTR_PRIMARY": "pkey", "CONSTR_UNIQUE": "key", "CONSTR_EXCLUSION": "excl"}
# All constraints that the server finds a name for.
NAMED = {**INDEXED, "CONSTR_FOREIGN": "fkey", "CONSTR_CHECK": "check"}
# Bytes of a name; the server cuts off what is longer.
LONGEST = 63


def words(named: Node) -> tuple[str, ...]:
    """Return the parts of a name, whether it is a list of them or a node with one."""
    if isinstance(named, tuple):
        return tuple(one.sval for one in named)
    return words(getattr(named, "names", None) or getattr(named, "objname", None) or (named,))


def columns(world: World, node: Node) -> Iterator[Column]:
    """Yield the columns that a CREATE TABLE writes out."""
    key = {
        one.sval
        for found in node.tableElts or ()
        if kind(found) == "Constraint" and found.contype.name == "CONSTR_PRIMARY"
        for one in found.keys or ()
    }
    for one in node.tableElts or ():
        if kind(one) == "ColumnDef":
            made = column(world, one)
            yield replace(made, not_null=made.not_null or made.name in key)


def column(world: World, node: Node) -> Column:
    """Return the column that a `ColumnDef` declares."""
    said = {one.contype.name for one in node.constraints or ()}
    not_null = bool(said & {"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"})
    found = world.type(node.typeName) if node.typeName is not None else UNKNOWN
    given = [one for one in node.constraints or () if one.contype.name == "CONSTR_DEFAULT"]
    literal = any(is_literal(one.raw_expr) for one in given)
    return Column(node.colname, found, not_null, literal)


def index_name(table: Relation, node: Node) -> str:
    """Return what an index or a constraint is called, if need be as the server would call it."""
    if kind(node) == "IndexStmt":
        given, ending = node.idxname, "idx"
        held = [one.name or "expr" for one in node.indexParams or ()]
    else:
        given, ending = node.conname, NAMED.get(node.contype.name, "")
        held = [] if ending == "pkey" else _held(node)
    return str(given or "_".join((table.name, *held, ending)))[:LONGEST]


def _held(node: Node) -> list[str]:
    """Return the columns of a constraint's name; a CHECK has one there if it reads no other."""
    if node.contype.name != "CONSTR_CHECK":
        return [one.sval for one in node.keys or node.fk_attrs or ()]
    read = {one.fields[-1].sval for one in within(node.raw_expr) if is_column(one)}
    return sorted(read) if len(read) == 1 else []


def named(node: Node) -> frozenset[str]:
    """Return the columns that an index or a constraint names."""
    below = list(within(node))
    found = {one.fields[-1].sval for one in below if is_column(one)}
    found |= {one.name for one in below if kind(one) == "IndexElem" and one.name}
    if kind(node) == "Constraint":
        found |= {one.sval for one in (*(node.keys or ()), *(node.fk_attrs or ()))}
    return frozenset(found)


def is_serial(node: Node) -> bool:
    """Whether a sequence of its own fills the column that a `ColumnDef` declares."""
    numbered = any(one.contype.name == "CONSTR_IDENTITY" for one in node.constraints or ())
    return numbered or (node.typeName is not None and written(node.typeName)[-1] in SERIAL)


def is_column(node: Node) -> bool:
    """Whether a node is the name of a column."""
    return kind(node) == "ColumnRef" and kind(node.fields[-1]) == "String"


def written_table(world: World, node: Node) -> Table:
    """Return the table that a CREATE TABLE makes."""
    made = {one.name: one for one in columns(world, node)}
    whole = not (node.inhRelations or node.ofTypename)
    for one in node.tableElts or ():
        if kind(one) == "TableLikeClause":
            origin = world.table(one.relation)
            made |= origin.columns if origin else {}
            whole = whole and origin is not None and origin.whole
    parent = world.table(node.inhRelations[0]) if node.partbound else None
    if parent is not None:
        made, whole = dict(parent.columns), parent.whole
    return Table(world.named(node.relation), "table", made, whole=whole, made=True)
