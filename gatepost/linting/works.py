"""Which work lasts as long as a table is large, and who waits for it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gatepost.linting import datatypes, rules
from gatepost.linting.alterations import UNPROVEN
from gatepost.linting.parsing import kind
from gatepost.linting.rules import Rule
from gatepost.linting.steadiness import volatile
from gatepost.linting.world import Table
from gatepost.linting.written import is_serial
from gatepost.wording import about, rounded, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.linting.cases import Case
    from gatepost.linting.parsing import Node

Work = Literal["scan", "index", "join", "rewrite", "update"]

# Seconds per byte of the table with its indexes, as it is before.  Measured: 1,000,000 rows of
# seven columns with two to five indexes, 277 to 501 MB, PostgreSQL 16 on one of two shared virtual
# cores, with fsync; what differed from run to run is rounded up.
RATES: Mapping[Work, float] = {
    "scan": 1.5e-9,
    "index": 1.0e-8,
    "join": 2.0e-9,
    "rewrite": 4.0e-8,
    "update": 1.5e-7,
}
EXCLUSIVE = "ACCESS EXCLUSIVE, nobody reads or writes it"
WRITES = "nobody writes it"


@dataclass(frozen=True)
class Long:
    """Work on a table that takes as long as the table is large.

    :param lock: who waits for it, in words; empty where nobody does.
    """

    table: Table
    work: Work
    what: str
    lock: str
    rule: Rule = rules.LOCKED

    @property
    def seconds(self) -> float:
        """How long it takes, by the table's size and a rate."""
        return self.table.bytes * RATES[self.work]

    def __str__(self) -> str:
        table = self.table
        size = sized(table.bytes) + (f", {rounded(table.rows)} rows" if table.rows > 0 else "")
        return f"{self.what} {table.relation} ({size}): about {about(self.seconds)}"


def of(case: Case) -> Iterator[Long]:
    """Yield the work of an act on tables that are there before the first pending file."""
    look = _LONG.get(case.act.kind)
    for one in look(case) if look else ():
        if not one.table.made and one.table.bytes:
            yield one


def _index(case: Case) -> Iterator[Long]:
    node, table = case.act.node, case.world.table(case.act.node.relation)
    if table is not None and not _there(case):
        lock = "" if node.concurrent else WRITES
        yield Long(table, "index", "an index is built over", lock)


def _there(case: Case) -> bool:
    """Whether IF NOT EXISTS finds the index, and nothing is built."""
    node = case.act.node
    if not node.if_not_exists or not node.idxname:
        return False
    table = case.world.named(node.relation)
    return replace(table, name=node.idxname) in case.world.indexes


def _part(case: Case) -> Iterator[Long]:
    table = case.world.table(case.act.on)
    look = _PARTS.get(case.act.node.subtype.name)
    if table is not None and look is not None:
        yield from look(case, table)


def _add_column(case: Case, table: Table) -> Iterator[Long]:
    column = case.act.node.def_
    if column.colname in table.columns:
        return
    said = {one.contype.name: one for one in column.constraints or ()}
    default, generated = said.get("CONSTR_DEFAULT"), said.get("CONSTR_GENERATED")
    each = default is not None and volatile(case.world, table, default.raw_expr)
    stored = generated is not None and generated.generated_kind == "s"
    if is_serial(column) or each or stored:
        what = f"column {column.colname} gets a value in each row of"
        yield _rewritten(table, what)
    elif "CONSTR_UNIQUE" in said or "CONSTR_PRIMARY" in said:
        yield Long(table, "index", "an index is built over", EXCLUSIVE)
    elif default is not None and "CONSTR_FOREIGN" in said:
        yield Long(table, "join", "a foreign key is looked up for each row of", EXCLUSIVE)
    elif "CONSTR_CHECK" in said:
        yield Long(table, "scan", "a constraint is checked in", EXCLUSIVE)


def _rewritten(table: Table, what: str) -> Long:
    return Long(table, "rewrite", what, EXCLUSIVE, rules.REWRITTEN)


def _retype(case: Case, table: Table) -> Iterator[Long]:
    node = case.act.node
    column = table.columns.get(node.name)
    if column is None:
        return
    to, using = case.world.type(node.def_.typeName), node.def_.raw_default
    plain = using is None or _merely(node.name, using)
    if datatypes.rewrites(column.type, to) or not plain:
        yield _rewritten(table, f"{column.name} becomes {to} in each row of")


def _merely(name: str, using: Node) -> bool:
    """Whether an expression is the column itself, cast or not."""
    inner = using.arg if kind(using) == "TypeCast" else using
    return kind(inner) == "ColumnRef" and [one.sval for one in inner.fields] == [name]


def _not_null(case: Case, table: Table) -> Iterator[Long]:
    column = table.columns.get(case.act.node.name)
    proven = {one for said in table.constraints.values() for one in said}
    if column is not None and not column.not_null and column.name not in proven:
        yield Long(table, "scan", f"{column.name} is looked for NULL in", EXCLUSIVE)


def _constraint(case: Case, table: Table) -> Iterator[Long]:
    found = case.act.node.def_
    what = found.contype.name
    if what in ("CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION") and not found.indexname:
        yield Long(table, "index", "an index is built over", EXCLUSIVE)
    elif what == "CONSTR_FOREIGN" and not found.skip_validation:
        yield Long(table, "join", "a foreign key is looked up for each row of", WRITES)
    elif what in ("CONSTR_CHECK", "CONSTR_NOTNULL") and not found.skip_validation:
        yield Long(table, "scan", "a constraint is checked in", EXCLUSIVE)


def _validate(case: Case, table: Table) -> Iterator[Long]:
    if any(
        one.startswith(UNPROVEN) for one in table.constraints.get(case.act.node.name, (UNPROVEN,))
    ):
        yield Long(table, "scan", "a constraint is validated in", "")


def _storage(_: Case, table: Table) -> Iterator[Long]:
    yield _rewritten(table, "each row is written anew of")


def _attach(case: Case, _: Table) -> Iterator[Long]:
    part = case.world.table(case.act.node.def_.name)
    if part is not None:
        yield Long(part, "scan", "the partition's bound is checked in", EXCLUSIVE)


def _update(case: Case) -> Iterator[Long]:
    node, table = case.act.node, case.world.table(case.act.node.relation)
    if table is not None and node.whereClause is None:
        yield Long(
            table, "update", "each row is changed of", "its rows are locked", rules.EVERY_ROW
        )
    elif table is not None:
        yield Long(table, "scan", "rows are looked for in", "")


def _reindex(case: Case) -> Iterator[Long]:
    node, world = case.act.node, case.world
    concurrent = any(one.defname == "concurrently" for one in node.params or ())
    if node.relation is not None and not concurrent:
        name = world.named(node.relation)
        table = world.tables.get(world.indexes.get(name, name))
        if table is not None:
            yield Long(table, "index", "an index is built over", EXCLUSIVE)


def _vacuum(case: Case) -> Iterator[Long]:
    node = case.act.node
    full = any(one.defname == "full" for one in node.options or ())
    for one in (node.rels or ()) if full else ():
        table = case.world.table(one.relation)
        if table is not None:
            yield _rewritten(table, "vacuum full writes anew each row of")


def _anew(case: Case) -> Iterator[Long]:
    """Yield what CLUSTER and REFRESH MATERIALIZED VIEW do."""
    node = case.act.node
    concurrent = case.act.kind == "RefreshMatViewStmt" and node.concurrent
    table = case.world.table(node.relation) if node.relation is not None else None
    if table is not None and not concurrent:
        yield _rewritten(table, "each row is written anew of")


_PARTS: Mapping[str, Callable[[Case, Table], Iterator[Long]]] = {
    "AT_AddColumn": _add_column,
    "AT_AlterColumnType": _retype,
    "AT_SetNotNull": _not_null,
    "AT_AddConstraint": _constraint,
    "AT_ValidateConstraint": _validate,
    "AT_AttachPartition": _attach,
    "AT_SetLogged": _storage,
    "AT_SetUnLogged": _storage,
    "AT_SetTableSpace": _storage,
    "AT_SetAccessMethod": _storage,
}
_LONG: Mapping[str, Callable[[Case], Iterator[Long]]] = {
    "IndexStmt": _index,
    "AlterTableCmd": _part,
    "UpdateStmt": _update,
    "ReindexStmt": _reindex,
    "VacuumStmt": _vacuum,
    "ClusterStmt": _anew,
    "RefreshMatViewStmt": _anew,
}
