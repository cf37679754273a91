"""How many of a list of schema differences do the questions see, and do they stay quiet on twins?

    python -m benchmarks.schema_score FILE [--version 16|18] [--bin FOLDER]
        [--group NAME …] [--findings]

``FILE`` is Python with a list ``P`` of dictionaries: `id`, `group`, `common` (SQL that both sides
share), `a` and `b` (SQL that each has alone).  They may also have `min`, the version that the SQL
takes; `createdb`, options of CREATE DATABASE for either side; and `contrib`, where it takes
extensions that only some builds have.  A pair of the group EQUAL must be called alike.
"""

from __future__ import annotations

import argparse
import contextlib
import runpy
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from gatepost import database, embedded, objects, sequences
from gatepost.database import Connection
from gatepost.errors import CannotConnect
from gatepost.parity import digests, readings
from gatepost.schema import (
    catalog,
    configuration,
    differences,
    extensions,
    privileges,
    set_otherwise,
)
from gatepost.schema.differences import Differences
from gatepost.schema.set_otherwise import Target
from gatepost.settings import Privileges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost.embedded import Server
    from gatepost.schema.catalog import Catalog
    from gatepost.schema.declarations import Object

EQUAL = "EQUAL"
_CHEAP = {"allow_in_place_tablespaces": "on", "autovacuum": "off", "wal_level": "minimal"}
_CHEAP |= {"max_wal_senders": "0"}
# A statement that is to fail and leave its traces, as CREATE INDEX CONCURRENTLY does.
_FAILS = "--CONCURRENT-FAIL"
_ROLES = "select rolname from pg_catalog.pg_roles where oid >= 16384"
_TABLESPACES = "select spcname from pg_catalog.pg_tablespace where oid >= 16384"
# A database that subscribes cannot be dropped.
_UNSUBSCRIBE = """
do $$ declare one record; begin
    for one in select subname from pg_catalog.pg_subscription s
        join pg_catalog.pg_database d on d.oid = s.subdbid
        where d.datname = pg_catalog.current_database()
    loop
        execute pg_catalog.format('alter subscription %1$I disable;'
            'alter subscription %1$I set (slot_name = none); drop subscription %1$I', one.subname);
    end loop;
end $$
"""
_AVAILABLE = "select 1 from pg_catalog.pg_available_extensions where name = 'pg_trgm'"


@dataclass(frozen=True)
class Pair:
    """One entry of the list: what it is called, and the SQL of its two databases."""

    id: str
    group: str
    scripts: tuple[tuple[str, str], tuple[str, str]]
    create: tuple[str, str]

    @staticmethod
    def of(entry: dict[str, Any]) -> Pair:
        """Return an entry as a record."""
        common = entry.get("common", "")
        a, b = entry.get("createdb", ("", ""))
        scripts = ((common, entry["a"]), (common, entry["b"]))
        return Pair(entry["id"], entry["group"], scripts, (a, b))


@dataclass(frozen=True)
class Outcome:
    """What each question said of one pair; `error`, where the pair could not be made or read."""

    pair: Pair
    findings: dict[str, tuple[str, ...]]
    notes: dict[str, tuple[str, ...]]
    error: str = ""

    @property
    def seen(self) -> bool:
        """Whether anything was said, be it a note."""
        return bool(self.findings or self.notes)

    @property
    def right(self) -> bool:
        """Whether a difference was seen, or a pair that is alike led to no finding."""
        return not (self.error or (self.findings if self.pair.group == EQUAL else not self.seen))

    @property
    def lines(self) -> list[str]:
        """All that was said."""
        return [
            line for said in (self.findings, self.notes) for some in said.values() for line in some
        ]

    def __str__(self) -> str:
        noted = [f"{question} (a note)" for question in self.notes if question not in self.findings]
        said = ", ".join((*self.findings, *noted)) or "nothing"
        return f"{self.pair.id}: {self.error or said}"


@dataclass(frozen=True)
class Facts:
    """All that the questions read of one database."""

    conn: Connection

    @cached_property
    def catalog(self) -> Catalog:
        """What it declares."""
        return catalog.read(self.conn)

    @cached_property
    def configuration(self) -> tuple[Object, ...]:
        """To what it is set."""
        return configuration.read(self.conn)

    @cached_property
    def privileges(self) -> tuple[Object, ...]:
        """Whose it is."""
        return privileges.read(self.conn)

    @cached_property
    def positions(self) -> dict[str, sequences.Position]:
        """Where its sequences stand."""
        return sequences.positions(self.conn)

    def read(self) -> Facts:
        """Read everything now, so that two databases are read at the same time."""
        _ = self.catalog, self.configuration, self.privileges, self.positions
        return self


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score of each group; 1 where a difference was missed or a twin was not quiet."""
    given = _given(arguments)
    entries = [
        entry
        for entry in runpy.run_path(str(given.file))["P"]
        if not given.group or entry["group"] in given.group
        if entry.get("min", 0) <= given.version
    ]
    with _running(given.version, given.bin) as one, _running(given.version, given.bin) as other:
        contrib = _asked(one, _AVAILABLE)
        pairs = [Pair.of(entry) for entry in entries if contrib or not entry.get("contrib")]
        outcomes = [_outcome(pair, (one, other)) for pair in pairs]
    _say(f"PostgreSQL {given.version}: {len(pairs)} pairs; left out, as their extensions are not")
    _say(f" to be had: {len(entries) - len(pairs)}\n")
    for group in dict.fromkeys(pair.group for pair in pairs):
        _print(group, [one for one in outcomes if one.pair.group == group], given.findings)
    _total(outcomes)
    return 0 if all(one.right for one in outcomes) else 1


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schema_score", description=__doc__)
    parser.add_argument("file", type=Path, help="a list of differences")
    parser.add_argument("--version", type=int, default=18, help="of the servers; 18 by default")
    parser.add_argument("--bin", type=Path, help="their programs; the wheel's by default")
    parser.add_argument("--group", nargs="*", help="of the list; all by default")
    parser.add_argument("--findings", action="store_true", help="print what was said")
    given = parser.parse_args(arguments)
    if given.bin:
        given.version = embedded.version(given.bin)
    return given


@contextlib.contextmanager
def _running(version: int, programs: Path | None) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="gatepost-score-") as folder:
        server = embedded.start(version, Path(folder), bin=programs, durable=False, options=_CHEAP)
        try:
            yield server
        finally:
            server.stop(at_once=True)


def _outcome(pair: Pair, servers: tuple[Server, Server]) -> Outcome:
    """Make both databases, one on each server since some SQL is about the server; ask; clean up."""
    with contextlib.ExitStack() as held, ThreadPoolExecutor(2) as pool:
        for server in servers:
            held.callback(_clean, server)
        try:
            made = pool.map(_made, servers, pair.scripts, pair.create)
            facts = [Facts(held.enter_context(contextlib.closing(conn))) for conn in made]
            was, now = pool.map(Facts.read, facts)
            return _judged(pair, {name: list(_said(pair, name, was, now)) for name in _ASKED})
        except psycopg.Error as error:
            return Outcome(pair, {}, {}, f"cannot be made: {str(error).splitlines()[0]}")


def _made(server: Server, scripts: tuple[str, str], create: str) -> Connection:
    """Make a database and return a connection that reads it."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database probe template template0 {create}".encode())
    with contextlib.closing(database.maintenance(server.dsn("probe"))) as conn:
        conn.execute("set search_path = public")
        for script in scripts:
            _run(conn, script)
    return database.read_only(server.dsn("probe"))


def _run(conn: Connection, script: str) -> None:
    start, _, fails = script.partition(_FAILS)
    if (
        "tablespace" in start
    ):  # which is not made within the transaction that several statements are
        first, _, start = start.partition(";")
        conn.execute(first.encode())
    if start.strip():
        conn.execute(start.encode())
    if fails:
        with contextlib.suppress(psycopg.errors.UniqueViolation):
            conn.execute(fails.encode())


def _clean(server: Server) -> None:
    """Drop whatever a pair has left behind on a server."""
    with (
        contextlib.suppress(CannotConnect),  # where the database was never made
        contextlib.closing(database.maintenance(server.dsn("probe"))) as conn,
    ):
        conn.execute(_UNSUBSCRIBE)
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("drop database if exists probe with (force)")
        for query, drop in ((_TABLESPACES, "drop tablespace {}"), (_ROLES, "drop role {}")):
            for (name,) in conn.execute(query.encode()).fetchall():
                conn.execute(sql.SQL(drop).format(sql.Identifier(name)))


def _asked(server: Server, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        return conn.execute(query.encode()).fetchall()


def _said(pair: Pair, question: str, was: Facts, now: Facts) -> Iterator[Differences]:
    """Yield what a question says of `b` after `a`, and of a difference in the other order too.

    Some are one in a single order, as a sequence may be ahead, and not behind.
    """
    yield from _ASKED[question](was, now)
    if pair.group != EQUAL:
        yield from _ASKED[question](now, was)


def _schema(was: Facts, now: Facts) -> Iterator[Differences]:
    for identity in _names(was.catalog.objects, now.catalog.objects):
        if not identity.startswith("extension "):
            yield differences.compare(was.catalog.object(identity), now.catalog.object(identity))


def _extensions(was: Facts, now: Facts) -> Iterator[Differences]:
    before, after = extensions.read(was.conn), extensions.read(now.conn)
    for identity in _names(before, after):
        name = identity.removeprefix("extension ")
        yield extensions.compare(extensions.named(name, before), extensions.named(name, after))


def _settings(was: Facts, now: Facts) -> Iterator[Differences]:
    for subject in configuration.SUBJECTS:
        target = Target(now.conn.info.dbname)
        yield set_otherwise.compare(subject, was.configuration, now.configuration, target, {})


def _privileges(was: Facts, now: Facts) -> Iterator[Differences]:
    for subject in privileges.subjects(was.privileges, now.privileges):
        yield privileges.compare(subject, was.privileges, now.privileges, Privileges())


def _sequences(was: Facts, now: Facts) -> Iterator[Differences]:
    for one in now.catalog.sequences:
        name = str(one.relation)
        if name in was.positions:
            positions = was.positions[name], now.positions[name]
            yield Differences(sequences.findings(one, *positions, ()))


def _objects(was: Facts, now: Facts) -> Iterator[Differences]:
    for subject in objects.SUBJECTS:
        compared = objects.compare(subject, objects.Asked(was.conn), objects.Asked(now.conn))
        # what is out of order on both sides is no difference
        yield Differences(compared.findings)


def _rows(was: Facts, now: Facts) -> Iterator[Differences]:
    for table in now.catalog.tables:
        other = was.catalog.table(table.relation)
        if other is None or {table.kind, other.kind} != {"table"} or other.columns != table.columns:
            continue
        before, after = readings.pair(other, table)
        if digests.digest(was.conn, before) != digests.digest(now.conn, after):
            yield Differences((f"{table.relation}: other rows",))


_ASKED = {
    "schema": _schema,
    "extensions": _extensions,
    "settings": _settings,
    "privileges": _privileges,
    "sequences": _sequences,
    "objects": _objects,
    "rows": _rows,
}


def _names(was: Iterable[Object], now: Iterable[Object]) -> list[str]:
    return sorted({one.identity for one in (*was, *now)})


def _judged(pair: Pair, said: dict[str, list[Differences]]) -> Outcome:
    findings, notes = {}, {}
    for question, compared in said.items():
        if found := tuple(line for one in compared for line in one.findings):
            findings[question] = found
        if noted := tuple(line for one in compared for line in one.notes):
            notes[question] = noted
    return Outcome(pair, findings, notes)


def _print(group: str, outcomes: list[Outcome], in_words: bool) -> None:
    right = sum(one.right for one in outcomes)
    by = Counter(question for one in outcomes for question in one.findings or one.notes)
    asked = ", ".join(f"{question} {count}" for question, count in by.most_common())
    word = "quiet" if group == EQUAL else "found"
    _say(f"{group}: {word} {right} of {len(outcomes)}   ({asked or 'nothing said'})\n")
    for one in outcomes:
        plain = one.right and (group == EQUAL or one.findings)
        if in_words or not plain:
            _say(f"  {'' if one.right else 'WRONG '}{one}\n")
        if in_words or (group == EQUAL and not plain):
            _say("".join(f"      {line}\n" for line in one.lines))


def _total(outcomes: list[Outcome]) -> None:
    differing = [one for one in outcomes if one.pair.group != EQUAL]
    alike = [one for one in outcomes if one.pair.group == EQUAL]
    found = [one for one in differing if one.right]
    noted = sum(not one.findings for one in found)
    _say(f"\nfound {len(found)} of {len(differing)}, {noted} of them as a note;")
    _say(f" {sum(not one.right for one in alike)} false alarms among {len(alike)} twins\n")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
