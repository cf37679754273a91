"""Which questions is a side asked while its baseline is recorded, and in which order?"""

from __future__ import annotations

import concurrent.futures
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import psycopg
from pydantic import TypeAdapter

from gatepost import database, history, references
from gatepost.baseline_file import Large, Recorded, References, Server
from gatepost.equivalence import Within
from gatepost.errors import GatepostError
from gatepost.ledgers import reading as ledgers
from gatepost.ledgers import tables
from gatepost.parity import buckets, census, digests, queries, readings, relations
from gatepost.parity.hashes import Hash
from gatepost.recorded import hashed_as_utf8
from gatepost.sql import question
from gatepost.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.baseline_file import Place, Sums
    from gatepost.names import Relation
    from gatepost.parity.digests import Digest
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Table
    from gatepost.settings import Settings
    from gatepost.side import Side

Fact = TypeVar("Fact")
Answer = TypeVar("Answer")

# Of a relation up to so many bytes distinct values are counted too, which takes a sort a column.
_SORTED = 16 << 20
# After the dump is done: so many seconds, or this share of what it took.
_AFTER = 0.5
_SHARE = 0.1
_LOOK = 0.1  # seconds between two looks at whether it is
# Up to so many large objects are recorded one by one, so that later any one of them can be named.
_NAMED = 10_000
_QUERY = "what a query yields is compared with the live source only"


@dataclass(frozen=True)
class Patience:
    """How long what only explains a difference is recorded: a window should not wait for it.

    :param until: a file that appears when the work beside which this is recorded is done.
    """

    started: dt.datetime
    until: Path | None = None

    @property
    def left(self) -> bool:
        """Whether there is time: always, or until shortly after the file is there."""
        if self.until is None or not self.until.exists():
            return True
        done = self.until.stat().st_mtime
        allowed = max(_AFTER, _SHARE * (done - self.started.timestamp()))
        return dt.datetime.now(dt.UTC).timestamp() < done + allowed


class Recording:
    """The side while it is recorded, question by question."""

    def __init__(self, settings: Settings, side: Side, method: Hash, patience: Patience) -> None:
        self.settings = settings.model_copy(update={"staged": bool(side.staged)})
        self.side = side
        self.method = method
        self.patience = patience
        self.missing: dict[str, str] = {}
        self.server = self._server()
        self.utf8 = hashed_as_utf8(self.server.encoding)

    def relations(self, sums: Sums) -> Iterator[Recorded]:
        """Yield what was recorded of the rows of each relation: all digests are read first."""
        tables = {reading: table for table in self._compared() for reading in self._readings(table)}
        self.side.begin(tables)
        found = {reading: self.side.digest(reading) for reading in tables}
        taken = history.noted(self.side.store.folder)
        for reading, digest in found.items():
            table = tables[reading]
            yield Recorded(
                reading=reading,
                statement=digests.statement(reading).as_string(),
                digest=replace(digest, stretches=()),
                seconds=round(self._seconds(table, taken), 6),
                sums=self._while_there_is_time(partial(self._sums, reading, digest, sums)),
                census=self._while_there_is_time(partial(self._census, table, reading)),
            )

    def large_objects(self) -> Large:
        """Return what is recorded of large objects."""
        asked = self.side.objects
        access = asked.access
        found = asked.large_objects(None, access.unreadable, self.method)
        by_oid = sum(one.objects for one in found.values()) <= _NAMED
        if by_oid and found:
            found = asked.large_objects(list(found), access.unreadable, self.method)
        return Large(access, by_oid, dict(found))

    def orphans(self) -> dict[str, References | None]:
        """Return the orphans of every reference."""
        found: dict[str, References | None] = {}
        for reference in references.known(self.settings, self.side.catalog):
            count = self.side.orphans(reference, self.method)
            if count is None:
                found[reference.subject] = None
                continue
            known = self.side.orphan_hashes(reference, self.method) if count.rows else ()
            found[reference.subject] = References(count, tuple(sorted(known)))
        return found

    def values(self) -> dict[str, int]:
        """Return the numbers that the project's endpoints are compared with."""
        found = {}
        for endpoint in self.settings.project.endpoints:
            query = endpoint.count
            if not query:
                continue
            try:
                value = self.side.value(query)
            except psycopg.Error as error:
                self.missing[endpoint.path] = f"its count was refused: {type(error).__name__}"
                continue
            # Anything else may be a value of a row.
            if isinstance(value, int):
                found[query] = value
            else:
                self.missing[endpoint.path] = "its count is no whole number"
        return found

    def facts(self, store: Kept) -> dict[str, Any]:
        """Return all that was kept on the way, and what else the side is asked in a gate."""
        side = self.side
        _ = side.catalog, side.info, side.positions
        _ = side.configuration, side.extensions, side.privileges, side.staged
        for method in get_args(Hash):
            side.answers(method)
        self._ledgers()
        return store.facts

    def _ledgers(self) -> None:
        for ledger in tables.declared(self.settings, self.side.catalog):
            try:
                ledgers.of(self.side, ledger)
            except GatepostError as error:
                self.missing[ledger.table] = error.message

    def _while_there_is_time(self, ask: Callable[[], Answer | None]) -> Answer | None:
        """Return the answer; None where the time was over before the server had it.

        A census of one large table may take longer than the dump of them all.
        """
        if not self.patience.left:
            return None
        if self.patience.until is None:
            return ask()
        with ThreadPoolExecutor(max_workers=1) as thread:
            asked = thread.submit(ask)
            while concurrent.futures.wait([asked], timeout=_LOOK).not_done:
                if not self.patience.left:
                    self.side.cancel()
        try:
            return asked.result()
        except psycopg.errors.QueryCanceled:
            if self.patience.left:  # then somebody else has ended it
                raise
            return None

    def _compared(self) -> list[Table]:
        catalog = self.side.catalog
        found = relations.compared(self.settings, catalog, catalog, self._yielded)
        found = [table for table in found if str(table.relation) not in self.missing]
        return sorted(found, key=lambda table: -self._bytes(table))

    @cached_property
    def _yielded(self) -> dict[Relation, Table]:
        """What queries yield in the place of tables, of a staged source, which keeps the queries.

        In any other, the same query may mean something else by the time it is compared.
        """
        yielded = queries.yielded(self.settings, self.side)
        if self.settings.staged:
            return yielded
        self.missing |= {str(relation): _QUERY for relation in yielded}
        return {}

    def _readings(self, table: Table) -> Iterator[Reading]:
        """Yield how a table is to be read: as declared, and exactly where that leaves some out."""
        compare = self.settings.rule(str(table.relation)).compare
        utf8 = (self.utf8, self.utf8)
        # What a query yields is read as against a table like the target's, which it is to fill.
        was = self._yielded.get(table.relation, table)
        query = queries.text(self.settings, table.relation) if was is not table else ""
        pair = partial(readings.pair, was, table, method=self.method, utf8=utf8)
        declared, _ = pair(compare=compare)
        yield replace(declared, query=query)
        near = {name for name, one in compare.items() if isinstance(one, Within)}
        if near:
            others = {name: one for name, one in compare.items() if name not in near}
            exact, _ = pair(compare=others)
            yield replace(exact.of(near), query=query)

    def _census(self, table: Table, reading: Reading) -> dict[str, census.Census] | None:
        names = {part.name for part in (*reading.key, *reading.columns)}
        columns = self._yielded.get(table.relation, table).columns
        wanted = [column for column in columns if column.name in names]
        masked = self.settings.masked(str(table.relation))
        found = self.side.census(reading, wanted, distinct=self._bytes(table) <= _SORTED)
        return {
            name: census.bare(one, masked=name in masked) for name, one in sorted(found.items())
        }

    def _sums(self, reading: Reading, digest: Digest, sums: Sums) -> Place | None:
        dealt = self._dealt(reading, digest.rows)
        if dealt.count == 1:
            return None  # the digest says the same
        found = self.side.sums(reading, dealt)
        return sums.add(dealt, found, buckets.statement(reading, dealt).as_string())

    def _dealt(self, reading: Reading, rows: int) -> buckets.Buckets:
        masked = self.settings.masked(str(reading.relation))
        # The bounds of ranges are keys.
        if reading.integer_key and not reading.query and reading.key[0].name not in masked:
            with self.side.lent() as conn:
                bounds = buckets.bounds(conn, reading)
            return buckets.ranges(rows, bounds) or buckets.residues(rows)
        return buckets.residues(rows)

    def _bytes(self, table: Table) -> int:
        leaves = self.side.catalog.leaves(table.relation)
        return table.bytes + sum(leaf.bytes for leaf in leaves)

    def _seconds(self, table: Table, taken: dict[str, float]) -> float:
        leaves = self.side.catalog.leaves(table.relation)
        return sum(taken.get(str(one.relation), 0.0) for one in (table, *leaves))

    def _server(self) -> Server:
        given = {"settings": [*database.PINNED, "server_version", "server_version_num"]}
        query = question("baseline_server")
        ((encoding, lsn, settings, collations),) = database.rows(self.side.connection, query, given)
        return Server(encoding=encoding, lsn=lsn, settings=settings, collations=collations)


class Kept(Store):
    """A store that remembers what it hands out, digests apart: they are recorded by relation."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.facts: dict[str, Any] = {}

    def once(self, name: str, of: type[Fact], ask: Callable[[], Fact]) -> Fact:
        """Return the fact ``name``, asking for it only if no process has."""
        fact = super().once(name, of, ask)
        if not name.startswith("before digest"):
            adapter: TypeAdapter[Fact] = TypeAdapter(of)
            self.facts[name] = adapter.dump_python(fact, mode="json")
        return fact
