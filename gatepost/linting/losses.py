"""Which rows and values would be gone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import datatypes, rules
from gatepost.linting.parsing import kind, spelled, within
from gatepost.linting.written import is_serial, words
from gatepost.names import dotted
from gatepost.wording import counted, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.parsing import Node
    from gatepost.linting.world import Table


def lost(case: Case) -> Iterator[Hit]:
    """Yield what an act takes away of what was there before the first pending file."""
    look = _LOOKS.get(case.act.kind)
    if look is not None:
        yield from look(case)


def refused(case: Case) -> Iterator[Hit]:
    """Yield a column that must not be NULL and has no value for the rows that are there."""
    act = case.act
    if act.kind != "AlterTableCmd" or act.node.subtype.name != "AT_AddColumn":
        return
    table, column = case.world.table(act.on), act.node.def_
    said = {one.contype.name for one in column.constraints or ()}
    given = {"CONSTR_DEFAULT", "CONSTR_GENERATED"} & said
    required = {"CONSTR_NOTNULL", "CONSTR_PRIMARY"} & said
    if table is None or not table.holds_rows or column.colname in table.columns:
        return
    if required and not given and not is_serial(column):
        yield case.hit(
            rules.REQUIRED,
            f"{table.relation}.{dotted(column.colname)} may not be NULL and has no default, and the"
            f" table holds {_rows(table)}",
        )


def _rows(table: Table) -> str:
    return f"about {rounded(table.rows)} rows" if table.rows > 0 else "rows"


def _dropped(case: Case) -> Iterator[Hit]:
    node, world = case.act.node, case.world
    what = node.removeType.name.removeprefix("OBJECT_")
    for one in node.objects:
        if what == "SCHEMA":
            yield from _of_schema(case, words(one)[-1])
        elif what in ("TABLE", "MATVIEW"):
            table = world.tables.get(world.meant(*words(one)))
            if table is not None and table.kind != "materialized view" and table.holds_rows:
                said = f"{table.relation} is dropped, with {_rows(table)}"
                yield case.hit(rules.TABLE_DROPPED, said, of=str(table.relation))


def _of_schema(case: Case, schema: str) -> Iterator[Hit]:
    for relation, table in case.world.tables.items():
        if relation.schema == schema and table.kind == "table" and table.holds_rows:
            said = f"{relation} is dropped with its schema, with {_rows(table)}"
            yield case.hit(rules.TABLE_DROPPED, said, of=str(relation))


def _database(case: Case) -> Iterator[Hit]:
    yield case.hit(rules.TABLE_DROPPED, f"the database {case.act.node.dbname} is dropped")


def _altered(case: Case) -> Iterator[Hit]:
    act, node = case.act, case.act.node
    table = case.world.table(act.on)
    column = table.columns.get(node.name) if table is not None else None
    if table is None or column is None or not table.holds_rows:
        return
    if node.subtype.name == "AT_DropColumn":
        name = f"{table.relation}.{dotted(column.name)}"
        said = f"{name} is dropped, and the table holds {_rows(table)}"
        yield case.hit(rules.COLUMN_DROPPED, said, of=name)
    elif node.subtype.name == "AT_AlterColumnType":
        to = case.world.type(node.def_.typeName)
        # What an expression makes of the values nobody can say from here; `content` can.
        if node.def_.raw_default is None and datatypes.rounds(column.type, to):
            yield case.hit(
                rules.ROUNDED,
                f"{table.relation}.{dotted(column.name)}: {column.type} becomes {to}",
            )


def _truncated(case: Case) -> Iterator[Hit]:
    node = case.act.node
    along = ", and all that points to it" if node.behavior.name == "DROP_CASCADE" else ""
    for one in node.relations:
        table = case.world.table(one)
        if table is not None and (table.holds_rows or along) and not table.made:
            yield case.hit(
                rules.ROWS_DELETED, f"{table.relation} is emptied, of {_rows(table)}{along}"
            )


def _deleted(case: Case) -> Iterator[Hit]:
    for node in case.act.nodes:
        if kind(node) != "DeleteStmt":
            continue
        table = case.world.table(node.relation)
        number = case.world.facts.deleted.get(spelled(node))
        if table is not None and _names(node.whereClause) & table.changed:
            number = None  # it was counted before they were
        if table is not None and table.holds_rows and number != 0:
            which = _which(node, number)
            yield case.hit(rules.ROWS_DELETED, f"{table.relation} loses {which} by delete")


def _names(node: Node | None) -> set[str]:
    """Return the columns that an expression names."""
    return {
        one.fields[-1].sval
        for one in within(node)
        if kind(one) == "ColumnRef" and kind(one.fields[-1]) == "String"
    }


def _which(node: Node, number: int | None) -> str:
    if node.whereClause is None:
        return "all its rows"
    return "rows" if number is None else counted(number, "row")


_LOOKS = {
    "DropStmt": _dropped,
    "DropdbStmt": _database,
    "AlterTableCmd": _altered,
    "TruncateStmt": _truncated,
    "DeleteStmt": _deleted,
    "SelectStmt": _deleted,
    "InsertStmt": _deleted,
    "UpdateStmt": _deleted,
}
