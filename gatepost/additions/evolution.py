"""What has a migration made, moved and dropped of the tables of one database?

Only where the after side was made of the before side is what is new there, or gone, the migration's
doing.  Between two databases of which one is to be a copy of the other it is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import names
from gatepost.errors import UsageError
from gatepost.ledgers import tables as ledger_tables
from gatepost.names import Relation
from gatepost.schema.catalog import Catalog, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.additions.declared import Renamed, Subject
    from gatepost.settings import Settings

HOLDS_ROWS = ("table", "partitioned table")


@dataclass(frozen=True)
class Evolution:
    """What is new after, and holds or may hold rows.

    :param before: what was there.
    :param tables: the new ones.
    :param columns: by table that was there, its new ones.
    """

    before: Catalog
    tables: Mapping[Relation, Table]
    columns: Mapping[Relation, tuple[Column, ...]]

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The tables with something new, in the order of names."""
        return tuple(sorted({*self.tables, *self.columns}, key=str))


def is_one_database(settings: Settings) -> bool:
    """Return whether the after side was made of the before side, by migrations."""
    fill = settings.project.migrate.fill
    if settings.staged or settings.to_be_staged:
        return False
    if settings.of_itself or fill == "sql":
        return True
    return fill == "command" and _one_address(settings)


def of(
    settings: Settings, before: Catalog, after: Catalog, yielded: Mapping[Relation, Table]
) -> Evolution:
    """Return what is new after; nothing where the two sides are two databases.

    :param yielded: for tables that a query stands for, what the query yields.
    :raises UsageError: a declaration that names no table and no column.
    """
    _check(settings)
    tables: dict[Relation, Table] = {}
    columns: dict[Relation, tuple[Column, ...]] = {}
    written = ledgers(settings, before, after)
    for table in _with_rows(after, written) if is_one_database(settings) else ():
        was = earlier(settings, before, after, table.relation)
        query = yielded.get(table.relation)
        if was is None and query is None:
            tables[table.relation] = table
        elif new := of_table(table, was, query):
            columns[table.relation] = new
    return Evolution(before, tables, columns)


def of_table(table: Table, was: Table | None, query: Table | None) -> tuple[Column, ...]:
    """Return the columns of a table that are new.

    :param was: the table before, by its names after.
    :param query: what a query yields that stands for it.
    """
    known = {column.name for one in (was, query) if one is not None for column in one.columns}
    return tuple(column for column in table.columns if column.name not in known)


def ledgers(settings: Settings, before: Catalog, after: Catalog) -> frozenset[str]:
    """Return the tables that migrations write themselves: what they say is for `ledger` to read."""
    ours = frozenset({settings.written_ledger} - {""})
    if not is_one_database(settings):
        return ours
    return ours | {one.table for one in ledger_tables.declared(settings, before, after)}


def earlier(settings: Settings, before: Catalog, after: Catalog, one: Relation) -> Table | None:
    """Return a table as it was before, under the names that it and its columns have after.

    What is declared to be renamed is, where only its old name is there before and only its new
    name after.
    """
    was = _named_before(settings, before, after, one)
    found, now = before.table(was), after.table(one)
    if found is None or now is None or not _renames(settings):
        return found
    new = _columns(settings, found, now)
    return replace(
        found,
        relation=one,
        columns=tuple(replace(each, name=new.get(each.name, each.name)) for each in found.columns),
        key=tuple(new.get(name, name) for name in found.key),
    )


def query(settings: Settings, before: Catalog, after: Catalog, one: Relation) -> str:
    """Return what yields, on the before side, a table by its names after; empty if none changed."""
    was = _named_before(settings, before, after, one)
    found, now = before.table(was), after.table(one)
    if found is None or now is None or not _renames(settings):
        return ""
    new = _columns(settings, found, now)
    if was == one and not new:
        return ""
    return (
        sql.SQL("select {} from {}{}")
        .format(
            sql.SQL(", ").join(
                sql.SQL("{} as {}").format(
                    sql.Identifier(each.name), sql.Identifier(new.get(each.name, each.name))
                )
                for each in found.columns
            ),
            sql.SQL("only " if found.kind == "table" else ""),
            was.identifier,
        )
        .as_string()
    )


def is_moved(settings: Settings, before: Catalog, after: Catalog, one: Relation) -> bool:
    """Return whether a table of the before side is compared under another name."""
    to = _tables(settings).get(one)
    return to is not None and _named_before(settings, before, after, to) == one


def name_after(
    settings: Settings, before: Catalog, after: Catalog, one: Relation
) -> tuple[Relation, Mapping[str, str]]:
    """Return a table of the before side by its name after, and those of its renamed columns."""
    to = _tables(settings)[one] if is_moved(settings, before, after, one) else one
    was, now = before.table(one), after.table(to)
    if was is None or now is None or not _renames(settings):
        return to, {}
    return to, _columns(settings, was, now)


def name_before(
    settings: Settings, before: Catalog, after: Catalog, one: Relation
) -> tuple[Relation, Mapping[str, str]]:
    """Return a table of the after side by its name before, and those of its renamed columns."""
    was = _named_before(settings, before, after, one)
    _, columns = name_after(settings, before, after, was)
    return was, {new: old for old, new in columns.items()}


def gone(was: Table, now: Table) -> tuple[str, ...]:
    """Return the columns that are not there any more."""
    there = {column.name for column in now.columns}
    return tuple(column.name for column in was.columns if column.name not in there)


def because(settings: Settings, one: Relation, column: str = "") -> str:
    """Return why the project says that a table, or a column of it, may be dropped; or nothing."""
    found = [
        each.because for each in settings.project.dropped if _read(each, "dropped") == (one, column)
    ]
    return found[0] if found and is_one_database(settings) else ""


def subject(one: Subject, key: str) -> Relation:
    """Return the table that a declaration is about.

    :param key: under which it stands in `gatepost.toml`.
    :raises UsageError: it names none.
    """
    return _read(one, key)[0]


def _named_before(settings: Settings, before: Catalog, after: Catalog, one: Relation) -> Relation:
    if before.table(one) is not None or not _renames(settings):
        return one
    for old, new in _tables(settings).items():
        if new == one and before.table(old) is not None and after.table(old) is None:
            return old
    return one


def _renames(settings: Settings) -> bool:
    return bool(settings.project.renamed) and is_one_database(settings)


def _tables(settings: Settings) -> dict[Relation, Relation]:
    """Return, by its old name, what each renamed table is called after."""
    found = {}
    for one in settings.project.renamed:
        old, column = _read(one, "renamed")
        if not column:
            found[old] = Relation(old.schema, one.to)
    return found


def _columns(settings: Settings, was: Table, now: Table) -> dict[str, str]:
    """Return, by its old name, what each renamed column of a table is called after."""
    declared = dict(_renamed(settings.project.renamed, was.relation))
    there, here = ({column.name for column in table.columns} for table in (was, now))
    return {
        old: new for old, new in declared.items() if old in there - here and new in here - there
    }


def _renamed(declared: Iterable[Renamed], one: Relation) -> Iterator[tuple[str, str]]:
    for each in declared:
        relation, column = _read(each, "renamed")
        if column and relation == one:
            yield column, each.to


def _check(settings: Settings) -> None:
    """Read all declarations, so that one which means nothing is refused before it is needed."""
    project = settings.project
    for key, declared in (("dropped", project.dropped), ("renamed", project.renamed)):
        for one in declared:
            _read(one, key)


def _read(one: Subject, key: str) -> tuple[Relation, str]:
    try:
        return names.column(one.column) if one.column else (names.relation(one.table), "")
    except UsageError as error:
        raise UsageError(f"[[{key}]]: {error.message}", hint=error.hint) from None


def _with_rows(catalog: Catalog, written: frozenset[str]) -> Iterator[Table]:
    for table in catalog.tables:
        own = table.kind in HOLDS_ROWS and not table.is_partition
        if own and table.persistence != "temporary" and str(table.relation) not in written:
            yield table


def _one_address(settings: Settings) -> bool:
    if settings.baseline is not None:
        return False
    was, now = settings.before.parameters, settings.after.parameters
    return all(was.get(key) == now.get(key) for key in ("host", "hostaddr", "port", "dbname"))
