"""How do mapped rows come into the new database?  Streamed, table after table, or not at all.

A process of its own: it ends when the runner does, and whatever it had begun was never committed.
The queries are those that the data gate compares with.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, names, project_file, sequences, tunnel
from gatepost.errors import GatepostError, SourceFault
from gatepost.mapping import mapped, order
from gatepost.names import Relation
from gatepost.schema import catalog
from gatepost.staging import places
from gatepost.wording import counted, meant

from . import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from psycopg.abc import Buffer

    from gatepost.database import Connection
    from gatepost.mapping.mapped import Mapped
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.settings import Settings

REFUSED = 10  # the exit status where the data is at fault, and not the way to it

_OUT = sql.SQL("copy (select {columns} from {view}) to stdout")
_IN = sql.SQL("copy {table} ({columns}) from stdin")
_NOTHING = sql.SQL("select * from {} limit 0")
_PLANNED = sql.SQL("explain (format json) select from {}")
_SET = sql.SQL("select pg_catalog.setval({}::pg_catalog.regclass, {})")
_BATCH = 1 << 16  # bytes
_TELLS = 0.5  # seconds between two lines of progress


@dataclass(frozen=True)
class Filled:
    """A table that was filled."""

    relation: Relation
    rows: int


@dataclass(frozen=True)
class Loaded:
    """All that was put into the new database."""

    tables: tuple[Filled, ...]
    sequences: int
    seconds: float

    def __str__(self) -> str:
        rows = sum(one.rows for one in self.tables)
        rate = rows / self.seconds if self.seconds else 0
        moved = f"; {counted(self.sequences, 'sequence')} moved past it" * bool(self.sequences)
        return (
            f"{counted(rows, 'row')} into {counted(len(self.tables), 'table')},"
            f" {rate:,.0f} rows/s{moved}"
        )


def load(
    settings: Settings, name: str, snapshot: str, progress: Callable[[int, int], None]
) -> Loaded:
    """Fill every mapped table of the database ``name``, in one transaction.

    Triggers fire as they would for any other COPY.  What is in memory is a few rows at a time.

    :param settings: of the staged source.
    :param name: on the target's server.
    :param snapshot: under which the staged source is read.
    :param progress: told the rows so far, and about how many there are.
    :raises SourceFault: a row that the target refuses: its table, its place and the rule it breaks.
        Nothing is committed.
    :raises UsageError: a query without a table, or a circle of keys that nobody can fill.
    """
    before = database.read_only(settings.before, snapshot=snapshot, label="load")
    with contextlib.closing(before) as source:
        target = database.maintenance(settings.after.of(name), label="load")
        with contextlib.closing(target):
            return _load(settings, source, target, progress)


def _load(
    settings: Settings,
    source: Connection,
    target: Connection,
    progress: Callable[[int, int], None],
) -> Loaded:
    began = time.monotonic()
    declared = catalog.read(target)
    tables = {one.relation: one for one in declared.tables}
    wanted = [_table(name, tables) for name, rule in settings.project.tables.items() if rule.query]
    ordered = order.by_foreign_keys(declared, (one.relation for one in wanted))
    staged = mapped.read(source)
    total = sum(_expected(source, staged, relation) for relation in ordered)
    rows = 0

    def tell(more: int) -> None:
        nonlocal rows
        rows += more
        progress(rows, max(rows, total))

    with target.transaction():
        target.execute("set local statement_timeout = 0")
        target.execute("set constraints all deferred")
        filled = [_fill(source, target, tables[relation], tell) for relation in ordered]
        moved = sum(_moved(target, declared))
        _check(target)
    return Loaded(tuple(filled), moved, time.monotonic() - began)


def _table(name: str, tables: dict[Relation, Table]) -> Table:
    found = tables.get(names.relation(name))
    if found is None:
        raise SourceFault(
            f"{name}: a query says what it should hold, and the migrations make no such table",
            hint=meant(name, map(str, tables)) or 'correct [tables."…"] or the migrations',
        )
    return found


def _expected(source: Connection, staged: Mapped, relation: Relation) -> int:
    """Return about how many rows a query yields; none is read for it.

    As many as there are of whatever it takes most of: a planner knows nothing of lists.  Of what
    takes no field, as many as it is planned for.
    """
    present = {
        (one.name, field.path): field.present for one in staged.collections for field in one.fields
    }
    view = places.view_of(relation)
    found = [
        present.get((use.collection, use.path), 0)
        for use in staged.uses
        if use.query == view.name and use.path
    ]
    if found:
        return max(found)
    plan = database.value(source, _PLANNED.format(view.identifier))
    return int(plan[0]["Plan"]["Plan Rows"])


def _fill(
    source: Connection, target: Connection, table: Table, tell: Callable[[int], None]
) -> Filled:
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(source, table)))
    view = places.view_of(table.relation).identifier
    rows = 0
    with source.cursor() as giving, target.cursor() as taking:
        try:
            with (
                giving.copy(_OUT.format(columns=columns, view=view)) as read,
                taking.copy(_IN.format(table=table.relation.identifier, columns=columns)) as write,
            ):
                for pieces in _batches(read):
                    write.write(b"".join(pieces))
                    rows += len(pieces)
                    tell(len(pieces))
        except psycopg.Error as error:
            if source.closed or target.closed:
                raise
            raise SourceFault(f"{table.relation}: {refused.told(error, rows)}") from None
    return Filled(table.relation, rows)


def _batches(rows: Iterable[Buffer]) -> Iterator[list[Buffer]]:
    """Yield rows in lists of about `_BATCH` bytes: to hand each over by itself costs more."""
    batch: list[Buffer] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _columns(source: Connection, table: Table) -> list[str]:
    """Return what a query yields for a table, without what the table computes by itself."""
    view = places.view_of(table.relation).identifier
    found = source.execute(_NOTHING.format(view)).description or ()
    yielded = [one.name for one in found]
    known = {one.name: one for one in table.columns}
    for name in yielded:
        if name not in known:
            raise SourceFault(
                f"{table.relation}: its query yields {name}, which the table has not",
                hint=meant(name, known) or "leave it out of the query",
            )
    return [name for name in yielded if not known[name].generated]


def _moved(target: Connection, declared: Catalog) -> Iterator[bool]:
    """Move each sequence past what was loaded; yield whether it had to be."""
    stand = sequences.positions(target)
    for sequence in declared.sequences:
        reached = [
            one.furthest
            for one in sequences.reach(target, sequence, declared)
            if one.furthest is not None
        ]
        if not reached:
            continue
        furthest = max(reached) if sequence.increment > 0 else min(reached)
        last = stand[str(sequence.relation)].last
        if (last is None and (furthest - sequence.start) * sequence.increment >= 0) or (
            last is not None and (furthest - last) * sequence.increment > 0
        ):
            name = sequence.relation.identifier.as_string(target)
            target.execute(_SET.format(sql.Literal(name), sql.Literal(furthest)))
            yield True


def _check(target: Connection) -> None:
    """Have every key that was deferred checked now, so that what is at fault is told here."""
    try:
        target.execute("set constraints all immediate")
    except psycopg.Error as error:
        diag = error.diag
        told = names.dotted(diag.schema_name or "", diag.table_name or "")
        raise SourceFault(f"{told}: {refused.told(error)}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and load; 0 if all is in, `REFUSED` where the data is at fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--target", default=os.environ.get("GATEPOST_TARGET", ""))
    parser.add_argument("--database", required=True, help="to be filled, on the target's server")
    parser.add_argument("--snapshot", required=True, help="of the staged source")
    given = parser.parse_args(arguments)
    try:
        source = os.environ.get("GATEPOST_SOURCE", "")
        chosen = project_file.load(given.project.resolve(), given.target, source)
        with tunnel.opened(chosen.addresses):
            found = load(chosen, given.database, given.snapshot, _telling())
    except SourceFault as fault:
        sys.stderr.write(f"error: {fault}\n")
        return REFUSED
    except GatepostError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except psycopg.Error as error:
        sys.stderr.write(f"error: {error.diag.message_primary or type(error).__name__}\n")
        return 1
    for one in found.tables:
        sys.stdout.write(f"{one.relation}: {counted(one.rows, 'row')}\n")
    sys.stdout.write(f"{found}\n")
    return 0


def _telling() -> Callable[[int, int], None]:
    """Return what writes a line of progress from time to time, however often it is called."""
    told = time.monotonic()

    def tell(rows: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TELLS:
            told = time.monotonic()
            sys.stdout.write(f"at {rows} of {total}\n")
            sys.stdout.flush()

    return tell


if __name__ == "__main__":
    sys.exit(main())
