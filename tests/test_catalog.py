"""Does the catalog say what was declared, on every version, and nothing that was not?"""

from __future__ import annotations

import contextlib
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import TypeAdapter

from gatepost import database
from gatepost.names import Relation
from gatepost.schema import catalog, differences, spelling
from gatepost.schema.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

pytestmark = pytest.mark.servers

EVERY_KIND = Path(__file__).with_name("every_kind.sql").read_text("utf-8")
MANY = """
do $$ begin
  for i in 1..1000 loop
    execute pg_catalog.format(
      'create table t%s (c1 integer primary key, %s)', i,
      (select pg_catalog.string_agg(pg_catalog.format('c%s text not null default 0', g), ', ')
       from pg_catalog.generate_series(2, 20) as g));
  end loop;
end $$;
"""


def read(dsn: Dsn) -> Catalog:
    """Return a database's catalog."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)


@pytest.fixture(params=[16, 18])
def make(request: pytest.FixtureRequest) -> Make:
    """Make databases on either version."""
    made: Make = request.getfixturevalue(f"database{request.param}")
    return made


def table(script: str, make: Make, name: str = "t") -> catalog.Table:
    """Return a table of a database that a script made."""
    found = read(make(script)).table(Relation("public", name))
    assert found is not None
    return found


def test_columns_are_told_without_the_gaps_of_dropped_ones(make: Make) -> None:
    found = table("create table t (a integer, b integer, c integer); alter table t drop b", make)
    assert [(column.name, column.position) for column in found.columns] == [("a", 1), ("c", 2)]


def test_base_is_the_type_below_all_domains(make: Make) -> None:
    found = table(
        "create domain d as float8; create domain dd as d; create domain da as integer[];"
        " create type e as enum ('x'); create table t (a dd, b da, c dd[], d e, e text[])",
        make,
    )
    assert [
        (column.type, column.base, column.kind, column.element) for column in found.columns
    ] == [
        ("public.dd", "pg_catalog.float8", "b", ""),
        ("public.da", "pg_catalog._int4", "b", "pg_catalog.int4"),
        ("public.dd[]", "public._dd", "b", "pg_catalog.float8"),
        ("public.e", "public.e", "e", ""),
        ("text[]", "pg_catalog._text", "b", "pg_catalog.text"),
    ]


def test_default_identity_generated_and_collation_are_told_apart(make: Make) -> None:
    found = table(
        "create table t (a integer default 1, b integer generated always as identity,"
        ' c integer generated always as (a + 1) stored, d text collate "C")',
        make,
    )
    assert [(c.default, c.identity, c.generated, c.collation) for c in found.columns] == [
        ("1", "", "", ""),
        ("", "always", "", ""),
        ("", "", "(a + 1) stored", ""),
        ("", "", "", "pg_catalog.C"),
    ]


@pytest.mark.parametrize(
    ("script", "key"),
    [
        ("create table t (a int, b int, primary key (b, a))", ("b", "a")),
        ("create table t (a int unique not null, b int primary key)", ("b",)),
        ("create table t (a int not null, b int); create unique index u on t (a)", ("a",)),
        (
            (
                "create table t (a int not null, b int not null);"
                " create unique index v on t (a); create unique index u on t (b) include (a)"
            ),
            ("b",),
        ),
        ("create table t (a int); create unique index u on t (a)", ()),
        ("create table t (a int not null); create unique index u on t (a) where a > 0", ()),
        ("create table t (a int not null); create unique index u on t (abs(a))", ()),
        ("create table t (a int not null unique deferrable)", ()),
        (
            (
                "create table t (a int not null); create unique index u on t (a);"
                " update pg_catalog.pg_index set indisvalid = false"
                " where indexrelid = 'u'::regclass"
            ),
            (),
        ),
        ("create table t (a int)", ()),
    ],
)
def test_key_is_only_what_tells_every_two_rows_apart(
    script: str, key: tuple[str, ...], make: Make
) -> None:
    assert table(script, make).key == key


def test_key_does_not_trust_a_not_null_that_is_not_validated(database18: Make) -> None:
    script = (
        "create table t (a integer); insert into t values (null), (null);"
        " alter table t add constraint n not null a not valid; create unique index u on t (a)"
    )
    assert table(script, database18).key == ()


def test_partitions_and_parents_are_told(make: Make) -> None:
    found = read(
        make(
            "create table p (id integer) partition by list (id);"
            " create table p1 partition of p for values in (1)"
        )
    )
    assert [(str(t.relation), t.kind, t.is_partition, t.inherits) for t in found.tables] == [
        ("public.p", "partitioned table", False, ()),
        ("public.p1", "table", True, (Relation("public", "p"),)),
    ]


def test_foreign_key_pairs_its_columns_in_order_and_clones_are_left_out(make: Make) -> None:
    found = read(
        make(
            "create table p (a integer, b bigint, primary key (a, b));"
            " create table c (x bigint, y integer, foreign key (y, x) references p (a, b)"
            " match full) partition by list (y); create table c1 partition of c for values in (1)"
        )
    )
    (key,) = found.foreign_keys
    assert (key.name, key.child, key.parent) == (
        "c_y_x_fkey",
        Relation("public", "c"),
        Relation("public", "p"),
    )
    assert (key.child_columns, key.parent_columns) == (("y", "x"), ("a", "b"))
    assert (key.match, key.operators, key.validated) == ("full", ("pg_catalog.=",) * 2, True)


def test_sequence_knows_its_owner_and_all_its_users(make: Make) -> None:
    found = read(
        make(
            "create table t (a serial, b integer generated always as identity);"
            " create table u (a integer default nextval('t_a_seq')); create sequence s"
        )
    )
    assert [(str(one.relation), one.owner, one.users) for one in found.sequences] == [
        ("public.s", "", ()),
        ("public.t_a_seq", "public.t.a", ("public.t.a", "public.u.a")),
        ("public.t_b_seq", "public.t.b", ("public.t.b",)),
    ]


def test_what_an_extension_owns_is_the_extensions_affair(make: Make) -> None:
    found = read(make("create extension vector"))
    assert [one.identity for one in found.objects] == [
        "extension plpgsql",
        "extension vector",
        "schema public",
    ]


def test_catalog_survives_being_stored(make: Make) -> None:
    found = read(make(EVERY_KIND))
    adapter = TypeAdapter(Catalog)
    assert adapter.validate_json(adapter.dump_json(found)) == found


def test_role_without_any_rights_reads_the_same_catalog(database18: Make) -> None:
    dsn = database18(EVERY_KIND + "create role catalog_reader")
    with contextlib.closing(database.read_only(dsn)) as conn:
        full = catalog.read(conn)
        conn.execute("set role catalog_reader")
        found = catalog.read(conn)
    mapping = "user mapping for public server shop_server"
    hidden = found.object(mapping)
    assert hidden is not None
    assert hidden.attributes == {"hidden": "from this role"}
    assert _without(found, mapping) == _without(full, mapping)


def test_objects_are_found_by_identity(make: Make) -> None:
    found = read(make(EVERY_KIND))
    for identity in (
        "shop.users",
        "composite shop.pair",
        "function shop.total(integer, integer[])",
    ):
        assert found.object(identity) is not None
    assert found.object("shop.nothing") is None
    assert len({one.identity for one in found.objects}) == len(found.objects)


def test_a_thousand_tables_are_the_same_once_written_and_read(make: Make) -> None:
    found = read(make(MANY))
    adapter = TypeAdapter(Catalog)
    assert adapter.validate_json(adapter.dump_json(found)) == found
    assert sum(len(one.columns) for one in found.tables) == 20_000


@pytest.mark.parametrize(("source", "target"), [(16, 16), (16, 18), (18, 18)])
def test_dump_and_restore_change_nothing(
    source: int, target: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    before = request.getfixturevalue(f"database{source}")(EVERY_KIND)
    after = request.getfixturevalue(f"database{target}")()
    server: Server = request.getfixturevalue(f"server{target}")
    file = str(tmp_path / "dump")
    _run([str(server.bin / "pg_dump"), "-Fc", "-f", file], before)
    _run([str(server.bin / "pg_restore"), "-e", "-d", after.dbname, file], after)
    assert _between(read(before), read(after)) == []


def test_two_versions_declare_the_same(database16: Make, database18: Make) -> None:
    """But for the name that PostgreSQL 18 alone gives to NOT NULL."""
    assert _between(read(database16(EVERY_KIND)), read(database18(EVERY_KIND))) == [
        "shop.t: NOT NULL of k: no name before, named after"
    ]


def _without(found: Catalog, identity: str) -> Catalog:
    return replace(found, objects=tuple(o for o in found.objects if o.identity != identity))


def _run(command: list[str], dsn: Dsn) -> None:
    subprocess.run(command, check=True, env=dsn.environment(), stdin=subprocess.DEVNULL)


def _between(was: Catalog, now: Catalog) -> list[str]:
    names = sorted({one.identity for side in (was, now) for one in side.objects})
    found = [differences.compare(was.object(name), now.object(name)) for name in names]
    return [line for one in found for line in (*one.findings, *one.notes)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("((v)::text = 'a'::text)", "(v::text = 'a'::text)"),
        (
            "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            (
                "((v)::text = ANY (ARRAY[('a'::character varying)::text, "
                "('b'::character varying)::text]))"
            ),
        ),
        ("SELECT t.id FROM public.t WHERE (t.id > 0)", "SELECT id FROM public.t WHERE (id > 0)"),
        ('SELECT "T x".id FROM "T x"', 'SELECT id FROM "T x"'),
        ("SELECT x.id FROM s.t x", "SELECT id FROM s.t x"),
        ("SELECT g.g FROM generate_series(1, 3) g(g)", "SELECT g FROM generate_series(1, 3) g(g)"),
        ("SELECT x.a FROM (SELECT 1 AS a) x", "SELECT a FROM (SELECT 1 AS a) x"),
        (
            "SELECT DISTINCT ON (t.a) ((t.a)::text || 'x'::text) AS y FROM s.t",
            "SELECT DISTINCT ON (a) ((a)::text || 'x'::text) AS y FROM s.t",
        ),
        (" SELECT a,\n    b\n   FROM s.t;", "SELECT a, b FROM s.t;"),
    ],
)
def test_spellings_of_the_same_are_alike(one: str, other: str) -> None:
    assert spelling.alike(one, other)
    assert spelling.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("((a + b) * c)", "(a + (b * c))"),
        ("((a OR b) AND c)", "(a OR (b AND c))"),
        ("'(a)'::text", "'a'::text"),
        ("'a b'::text", "'a  b'::text"),
        ("(v)::text", "(v)::character varying"),
        ("(v)::character varying(3)", "(v)::character varying(4)"),
        ("(a).b", "a.b"),
        ("(ARRAY['a'::text])[1]", "ARRAY['a'::text]"),
        ("(ARRAY['a'::text])::character varying[]", "ARRAY['a'::text]"),
        ("f(a)", "f a"),
        ("f((a, b))", "f(a, b)"),
        ("SELECT t.id FROM s.t", "SELECT t.id FROM t"),
        ("SELECT id FROM (s.t JOIN s.u ON (true))", "SELECT id FROM (t JOIN s.u ON (true))"),
        ("SELECT s.f(id) FROM s.t", "SELECT f(id) FROM s.t"),
        ("SELECT id::s.e FROM s.t", "SELECT id::e FROM s.t"),
        ("CHECK ((s.f(id) > 0))", "CHECK ((f(id) > 0))"),
        ("SELECT u.id FROM s.t, s.u", "SELECT t.id FROM s.t, s.u"),
        ('"A"', '"a"'),
        ("x IN (a)", "x IN (b)"),
        ("(a > 0)", "(a > 0) "[:-2]),
        ("- 1", "1"),
        ("E'a\\'b'", "E'a\\'c'"),
    ],
)
def test_what_says_something_else_is_not_alike(one: str, other: str) -> None:
    assert not spelling.alike(one, other)
    assert not spelling.alike(other, one)
