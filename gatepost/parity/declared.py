"""Can what the project declared about its tables mean anything?

Whoever wrote a rule believes that it does something: one for a column that is not there, or that
its type cannot follow, is refused before anything is asked, and not found out by one check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import names
from gatepost.equivalence import Ignored, Within
from gatepost.errors import UsageError
from gatepost.parity.types import INTEGERS, MOMENTS, NUMBERS, NUMERIC, TEXTS
from gatepost.schema.catalog import Table
from gatepost.settings import TableRule
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.equivalence import Equivalence
    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog, Column
    from gatepost.settings import Settings

# An extension's type, in whichever schema it lies.
_CITEXT = ".citext"


def check(
    settings: Settings,
    before: Catalog,
    after: Catalog,
    yielded: Mapping[Relation, Table],
    *,
    finished: bool,
) -> None:
    """Refuse rules that no table of either side can follow.

    :param yielded: for tables that a query stands for, what the query yields.
    :param finished: the target is filled; until then a table or a column may still be made.
    :raises UsageError: the rule, what is wrong with it and, where one is near, what was meant.
    """
    if not before.tables and not after.tables:
        return  # the gate says that two empty databases are no proof; no rule is to blame
    known = {str(table.relation) for side in (before, after) for table in side.tables}
    for name, rule in settings.project.tables.items():
        relation = _relation(name)
        was, now = yielded.get(relation) or before.table(relation), after.table(relation)
        tables = tuple(table for table in (was, now) if table is not None)
        if tables:
            _Rule(name, rule, tables).check(finished=finished)
        elif finished:
            raise UsageError(
                f"{heading(name)}: neither database has such a table", hint=meant(name, known)
            )


def heading(name: str) -> str:
    """Return where in `gatepost.toml` the rule of a table stands."""
    quote = "'" if '"' in name else '"'
    return f"[tables.{quote}{name}{quote}]"


def _relation(name: str) -> Relation:
    try:
        found = names.relation(name)
    except UsageError as error:
        raise UsageError(f"{heading(name)}: {error.message}", hint=error.hint) from None
    if str(found) != name:
        # Rules are found by name: one that is spelled in another way would never be.
        raise UsageError(
            f"{heading(name)}: is spelled with quotes that it needs not",
            hint=f"write {heading(str(found))}; case needs no quotes here",
        )
    return found


@dataclass(frozen=True)
class _Rule:
    """The rule of one table, and the table on the sides that have it."""

    name: str
    rule: TableRule
    tables: tuple[Table, ...]

    def check(self, *, finished: bool) -> None:
        rule = self.rule
        for key, columns in (("mask", rule.mask), ("show", rule.show), ("compare", rule.compare)):
            for column in columns if finished else ():
                self._check_column(key, column)
        beside_priority = rule.model_fields_set - {"priority"}
        if beside_priority and all(table.is_partition for table in self.tables):
            root = self.tables[0].inherits[0]
            raise UsageError(
                f"{heading(self.name)}: is a partition of {root}, through which it is read",
                hint=f"declare it under {heading(str(root))}",
            )
        for column, equivalence in rule.compare.items():
            problem = self._problem(column, equivalence)
            if problem:
                raise UsageError(f"{heading(self.name)} compare: {column} {problem}")

    def _check_column(self, key: str, name: str) -> None:
        if not self._columns(name):
            known = {column.name for table in self.tables for column in table.columns}
            raise UsageError(
                f"{heading(self.name)} {key}: there is no column '{name}'", hint=meant(name, known)
            )

    def _problem(self, name: str, equivalence: Equivalence) -> str:
        """Return why a column cannot be compared as declared; empty if it can."""
        columns = self._columns(name)
        if not columns:
            return ""
        bases = {column.base for column in columns}
        spelled = " before and ".join(dict.fromkeys(column.type for column in columns))
        if isinstance(equivalence, Within):
            if not (bases <= NUMBERS or bases <= MOMENTS):
                return f"is {spelled}, which knows no tolerance"
            return self._unpaired(name)
        if equivalence == "value" and not (NUMERIC in bases <= INTEGERS | {NUMERIC}):
            return f"is {spelled}: only a numeric has a scale that its value does not depend on"
        if equivalence in ("trimmed", "ci") and not all(map(_is_text, bases)):
            return f"is {spelled}, and not a text"
        return ""

    def _unpaired(self, name: str) -> str:
        """Return why a value has no counterpart that it could be near to."""
        keys = [table.key for table in self.tables if table.key]
        if not keys:
            return "knows no tolerance: without a key no value has a counterpart"
        if all(name in key for key in keys):
            return "knows no tolerance: it is part of the key, by which values are found"
        loose = {n for n, one in self.rule.compare.items() if isinstance(one, (Ignored, Within))}
        if all(loose & set(key) for key in keys):
            told = ", ".join(sorted(loose & set(keys[0])))
            return f"knows no tolerance while the key is not compared exactly: {told}"
        return ""

    def _columns(self, name: str) -> list[Column]:
        found: Iterator[Column | None] = (table.column(name) for table in self.tables)
        return [column for column in found if column is not None]


def _is_text(base: str) -> bool:
    return base in TEXTS or base.endswith(_CITEXT)
