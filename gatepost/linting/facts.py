"""What does the server say of the names that the files use?  Asked once for all pending files."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import NotReadable
from gatepost.linting.parsing import kind, spelled, within
from gatepost.names import Relation
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.linting.parsing import Node

_COUNT = sql.SQL("select pg_catalog.count(*) from {} where {}")

Volatility = Literal["immutable", "stable", "volatile"]


@dataclass(frozen=True)
class Function:
    """A function by one of its lists of arguments.

    :param arguments: types as `schema.typname`.
    :param optional: how many of them have a default.
    :param inlined: in SQL: what is said of it need not be so of its body, which is looked at.
    :param made: by a pending file, which is not asked for its arguments: any call may be meant.
    """

    schema: str
    name: str
    arguments: tuple[str, ...]
    optional: int
    variadic: bool
    result: str
    volatility: Volatility
    inlined: bool
    made: bool = False

    @property
    def is_unsteady(self) -> bool:
        """Whether the server is sure to find that it does not always say the same."""
        return self.volatility != "immutable" and not self.inlined

    def takes(self, number: int) -> bool:
        """Whether it can be called with so many arguments."""
        most = len(self.arguments)
        return self.made or (
            most - self.optional <= number <= most or (self.variadic and number >= most - 1)
        )


@dataclass(frozen=True)
class Facts:
    """What there is, beside what the catalog tells, and whether it always says the same.

    :param relations: every relation that has one of the names asked for, be it an extension's.
    :param types: every type of one of these names.
    :param operators: by symbol and types of both sides, whether it is immutable.
    :param casts: the same by the types from and to which it leads.
    :param assigned: the casts among them that the server does unasked where a value is assigned.
    :param deleted: by the DELETE that is to run, how many of the rows that are there it takes.
    :param unsteady_texts: types whose values become text, or are read from it, by a setting.
    """

    relations: frozenset[Relation] = frozenset()
    types: frozenset[Relation] = frozenset()
    functions: tuple[Function, ...] = ()
    operators: Mapping[tuple[str, str, str], bool] = field(default_factory=dict)
    casts: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    assigned: frozenset[tuple[str, str]] = frozenset()
    unsteady_texts: frozenset[str] = frozenset()
    deleted: Mapping[str, int] = field(default_factory=dict)
    asked: bool = False


def read(conn: Connection, nodes: Sequence[Node], path: Sequence[str]) -> Facts:
    """Return what the server says of all that ``nodes`` name.

    :param path: schemas in which names without one are looked for.

    Five statements, and one for each DELETE.
    """
    called, named = _names(nodes)
    functions = database.mappings(conn, question("lint_functions"), {"names": sorted(called)})
    relations = database.records(
        conn, Relation, question("lint_relations"), {"names": sorted(named)}
    )
    found = database.rows(conn, question("lint_types"))
    casts = database.rows(conn, question("lint_casts"))
    operators = database.rows(conn, question("lint_operators"))
    return Facts(
        relations=frozenset(relations),
        types=frozenset(Relation(schema, name) for schema, name, _ in found),
        functions=tuple(
            Function(**{**one, "arguments": tuple(one["arguments"])}) for one in functions
        ),
        operators={(symbol, left, right): steady for symbol, left, right, steady in operators},
        casts={(one, to): steady for one, to, steady, _ in casts},
        assigned=frozenset((one, to) for one, to, _, assigned in casts if assigned),
        unsteady_texts=frozenset(
            f"{schema}.{name}" for schema, name, steady in found if not steady
        ),
        deleted=dict(_deleted(conn, nodes, path)),
        asked=True,
    )


def _deleted(
    conn: Connection, nodes: Iterable[Node], path: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Yield each DELETE that stands alone, and how many rows it would take now."""
    for node in nodes:
        if kind(node) != "DeleteStmt" or node.usingClause or node.withClause:
            continue
        where = spelled(node.whereClause) if node.whereClause is not None else "true"
        count = _COUNT.format(sql.SQL(spelled(node.relation)), sql.SQL(where))  # as it is written
        # What is not there yet, or will be another by then, cannot be counted.
        with contextlib.suppress(psycopg.Error, NotReadable), database.as_written(conn, path):
            yield spelled(node), database.value(conn, count)


def _names(nodes: Iterable[Node]) -> tuple[set[str], set[str]]:
    """Return what is called as a function, and whatever may be the name of a relation."""
    called: set[str] = set()
    named: set[str] = set()
    for node in (below for one in nodes for below in within(one)):
        if kind(node) == "FuncCall":
            called.add(node.funcname[-1].sval)
        elif kind(node) == "RangeVar":
            named.add(node.relname)
        elif kind(node) == "String":
            named.add(node.sval)
    return called, named
