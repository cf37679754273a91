"""Do two databases that are set up otherwise, and hold the same rows, stay quiet?"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost.names import Relation
from gatepost.parity import tables
from tests.exact.columns import TYPES
from tests.exact.healthy_variations import TABLE
from tests.exact.restoring import made, told
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

pytestmark = pytest.mark.slow

NAME = "healthy_database"
T = Relation("public", "t")
SETTINGS = {
    "timezone": "Asia/Kathmandu",
    "datestyle": "German, DMY",
    "intervalstyle": "iso_8601",
    "extra_float_digits": "-10",
    "bytea_output": "escape",
    "lc_monetary": "C.UTF-8",
    "lc_numeric": "C.UTF-8",
    "search_path": "pg_temp, public",
    "quote_all_identifiers": "on",
    "xmlbinary": "hex",
    "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable",
    "enable_seqscan": "off",
    "default_toast_compression": "pglz",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "client_encoding": "LATIN1",
    "work_mem": "64kB",
    "debug_parallel_query": "on",
}
# In characters that every encoding below has.
LATIN = """
create table t (
    id int primary key, s text, c char(9), na name, q "char", a text[], j json, jb jsonb
);
insert into t values
    (1, 'é', 'ü ', 'ß', 'q', '{"ñ",NULL}', '{"ä":"ö"}', '{"ä":"ö"}'),
    (2, '', '', '', '', '{}', '""', '""');
"""


@pytest.fixture(scope="module")
def plain(server16: Server, server18: Server) -> Iterator[tuple[Dsn, Dsn]]:
    """One table of every type in two databases that are set up alike."""
    with contextlib.ExitStack() as held:
        dsns = [held.enter_context(made(server, NAME)) for server in (server16, server18)]
        for dsn in dsns:
            told(dsn, [TYPES, TABLE])
        yield dsns[0], dsns[1]


def assert_quiet(before: Dsn, after: Dsn, relation: Relation = T) -> None:
    """Whatever could say something of a relation says nothing."""
    with opened(before, after) as session:
        found = tables.compare(session, relation)

        assert found.was is not None
        assert found.was.rows > 0
        assert (found.alike, found.finding, found.damage) == (True, "", ())


@contextlib.contextmanager
def filled(server: Server, script: str, *options: str) -> Iterator[Dsn]:
    """Make a database with options of its own, and fill it."""
    name = f"{NAME}_{server.major}_own"
    create = f"create database {name} template template0 {' '.join(options)}"
    told(server.dsn(), [create])
    try:
        told(server.dsn(name), [script])
        yield server.dsn(name)
    finally:
        told(server.dsn(), [f"drop database {name} with (force)"])


def set_for(dsn: Dsn, whose: str, settings: Iterable[str]) -> None:
    """Set some of `SETTINGS` for a database, or for a role in it."""
    owner = sql.SQL(f"alter {whose}").format(sql.Identifier(dsn.dbname))
    for name in settings:
        values = sql.SQL(", ").join(map(sql.Literal, SETTINGS[name].split(", ")))
        told(dsn, [sql.SQL("{} set {} to {}").format(owner, sql.Identifier(name), values)])


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_of_the_database_stays_quiet(plain: tuple[Dsn, Dsn], setting: str) -> None:
    before, after = plain
    set_for(after, "database {}", [setting])
    try:
        assert_quiet(before, after)
    finally:
        told(after, [f"alter database {NAME} reset {setting}"])


def test_settings_of_the_role_stay_quiet(plain: tuple[Dsn, Dsn]) -> None:
    before, after = plain
    set_for(before, "role postgres in database {}", SETTINGS)
    try:
        assert_quiet(before, after)
    finally:
        told(before, [f"alter role postgres in database {NAME} reset all"])


def test_time_limit_on_transactions_does_not_end_the_snapshot(plain: tuple[Dsn, Dsn]) -> None:
    before, after = plain
    told(after, [f"alter database {NAME} set transaction_timeout to '300ms'"])
    try:
        with opened(before, after) as session:
            time.sleep(0.5)

            assert tables.compare(session, T).alike
    finally:
        told(after, [f"alter database {NAME} reset transaction_timeout"])


@pytest.mark.parametrize(
    "options",
    [
        ("encoding 'LATIN1'",),
        ("encoding 'WIN1252'",),
        ("locale 'C.UTF-8'",),
        ("locale_provider builtin", "builtin_locale 'C.UTF-8'"),
    ],
    ids=" ".join,
)
def test_encoding_or_locale_of_the_database_stays_quiet(
    server16: Server, server18: Server, options: tuple[str, ...]
) -> None:
    with filled(server16, LATIN) as before, filled(server18, LATIN, *options) as after:
        assert_quiet(before, after)


def test_source_in_another_encoding_stays_quiet(server16: Server, server18: Server) -> None:
    with filled(server16, LATIN, "encoding 'LATIN1'") as before, filled(server18, LATIN) as after:
        assert_quiet(before, after)


def test_tablespace_stays_quiet(server16: Server, server18: Server) -> None:
    allowed = "set allow_in_place_tablespaces = on"
    told(server18.dsn(), [allowed, "create tablespace elsewhere location ''"])
    try:
        with filled(server16, LATIN) as before, filled(server18, LATIN) as after:
            told(after, ["alter table t set tablespace elsewhere"])
            assert_quiet(before, after)
    finally:
        told(server18.dsn(), ["drop tablespace elsewhere"])


def test_vector_of_another_schema_stays_quiet(server16: Server, server18: Server) -> None:
    script = """
        {}; create table t (id int primary key, v vector(3), h halfvec(2));
        insert into t values (1, '[1,2.5,-3]', '[0.1,2]'), (2, '[0,0,1e-30]', null)
    """
    plain = script.format("create extension vector")
    moved = script.format(
        "create schema e; create extension vector schema e; set search_path=e,public"
    )
    moved = moved.replace("create table t", "create table public.t").replace(
        "into t", "into public.t"
    )
    with filled(server16, plain) as before, filled(server18, moved) as after:
        assert_quiet(before, after)


def test_nondeterministic_collation_stays_quiet(server15: Server, server18: Server) -> None:
    script = """
        create table t (id int primary key, s text {0}, c char(9) {0}, k varchar(9)[]);
        insert into t values
            (1, 'Abc', 'é', '{{A,a}}'), (2, 'abc', 'É', null), (3, 'ABC ', 'e', '{{}}')
    """
    ci = "create collation ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false);"
    odd = ci + script.format("collate ci")
    with filled(server15, odd) as before, filled(server18, script.format("")) as after:
        assert_quiet(before, after)


def test_compression_of_another_kind_stays_quiet(server15: Server, server18: Server) -> None:
    script = """
        create table t (id int primary key, s text {0}, b bytea {0});
        insert into t select g, repeat(md5(g::text), 300), decode(repeat('00ff', 5000), 'hex')
        from generate_series(1, 9) as g
    """
    lz4 = script.format("compression lz4")
    with filled(server15, lz4) as before, filled(server18, script.format("")) as after:
        assert_quiet(before, after)


def test_types_of_contrib_with_other_numbers_stay_quiet(server15: Server) -> None:
    script = """
        create extension citext; create extension hstore; create extension ltree;
        create extension cube; create extension isn; create extension seg;
        create table t (
            id int primary key, c citext, h hstore, l ltree, q cube, i isbn13, s seg, x xml,
            a citext[]
        );
        insert into t values
            (1, 'Abc', 'b=>1,a=>NULL', 'Top.x', '(1,2),(3,4)', '978-0-393-04002-9', '1.10 .. 2',
             '<a/>', '{A}'),
            (2, 'abc', '', '', '(0)', null, '~5', '<a></a>', '{a,NULL}')
    """
    other = "create type before_all as (a int); create domain another as text;" + script
    with contextlib.ExitStack() as held:
        before = held.enter_context(filled(server15, script))
        after = held.enter_context(made(server15, f"{NAME}_other"))
        told(after, [other])
        assert_quiet(before, after)
