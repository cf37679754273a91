"""Are the columns of a query those of the tables that it reads?

Lenient: a name is at fault only where every source of the query is known, since a subquery, a
function and a variable of plpgsql have columns that are not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.linting.parsing import kind, within
from gatepost.linting.world import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.cases import Case
    from gatepost.linting.parsing import Node

SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
_QUERIES = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"})
_UNSEEN = frozenset(
    {"RangeSubselect", "RangeFunction", "RangeTableFunc", "JsonTable", "CommonTableExpr"}
)


@dataclass(frozen=True)
class _Scope:
    """What the names of a query may mean.

    :param tables: by the names under which the query knows them; those that two parts of it use for
        different things are not among them.
    :param columns: of all of them.
    :param free: more names than those of columns: aliases, results.
    :param whole: nothing else can be meant.
    """

    tables: dict[str, Table]
    columns: frozenset[str]
    free: frozenset[str]
    whole: bool


def unknown(case: Case) -> Iterator[str]:
    """Yield what is wrong with the columns of a query."""
    node = _query(case.act.node)
    if node is None:
        return
    scope = _scope(case, node)
    for one in within(node):
        if kind(one) == "ColumnRef" and all(kind(part) == "String" for part in one.fields):
            yield from _wrong(scope, tuple(part.sval for part in one.fields))
    yield from _targets(case, node)


def _query(node: Node) -> Node | None:
    if kind(node) in ("ViewStmt", "CreateTableAsStmt"):
        node = node.query
    return node if kind(node) in _QUERIES else None


def _scope(case: Case, node: Node) -> _Scope:
    nodes = list(within(node))
    found: dict[str, Table] = {}
    others = {_called(one) for one in nodes if kind(one) in _UNSEEN}
    whole = not case.act.inside and not any(kind(one) in _UNSEEN for one in nodes)
    for one in nodes:
        if kind(one) == "RangeVar":
            table = case.world.table(one)
            whole = whole and table is not None and table.whole
            alias = one.alias.aliasname if one.alias else one.relname
            whole = whole and not (one.alias and one.alias.colnames)
            if table is not None and found.setdefault(alias, table) is not table:
                others.add(alias)
    if kind(node) == "InsertStmt" and node.onConflictClause and node.relation.relname in found:
        found["excluded"] = found[node.relation.relname]
    results = {one.name for one in nodes if kind(one) == "ResTarget" and one.name}
    joined = {one.alias.aliasname for one in nodes if kind(one) == "JoinExpr" and one.alias}
    return _Scope(
        tables={name: table for name, table in found.items() if name not in others},
        columns=frozenset(name for table in found.values() for name in table.columns),
        free=frozenset(results | joined | set(found)),
        whole=whole and not joined and not others,
    )


def _called(node: Node) -> str:
    """Return how a query calls what another query, or a function, yields."""
    if kind(node) == "CommonTableExpr":
        return str(node.ctename)
    return str(node.alias.aliasname) if node.alias else ""


def _wrong(scope: _Scope, name: tuple[str, ...]) -> Iterator[str]:
    *of, column = name
    if column in SYSTEM_COLUMNS:
        return
    if of:
        table = scope.tables.get(of[-1])
        if table is not None and table.whole and column not in table.columns:
            yield f"{table.relation} has no column '{column}'"
        return
    if scope.whole and column not in scope.free and column not in scope.columns:
        there = " or ".join(sorted(str(table.relation) for table in scope.tables.values()))
        yield f"there is no column '{column}' in {there or 'a query without a table'}"


def _targets(case: Case, node: Node) -> Iterator[str]:
    """Yield columns that an INSERT or UPDATE writes and that are not there."""
    for one in within(node):
        if kind(one) not in ("InsertStmt", "UpdateStmt"):
            continue
        table = case.world.table(one.relation)
        written = one.cols if kind(one) == "InsertStmt" else one.targetList
        for target in written or ():
            if table is not None and table.whole and target.name not in table.columns:
                yield f"{table.relation} has no column '{target.name}'"
