"""What is told once: names that mean nothing, what is missing with its schema, and one cause."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema import catalog, differences
from gatepost.schema.catalog import Catalog
from gatepost.schema.declarations import Object
from gatepost.schema.differences import Differences, between

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]
    Sides = Callable[[str, str], tuple[Catalog, Catalog]]

SERIAL = "create table t (id serial, other bigserial); create table {0} (id integer)"


def read(dsn: Dsn) -> Catalog:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)


def everything(before: Catalog, after: Catalog, *, strict: bool = False) -> Differences:
    """Return what differs between two catalogs, objects in the order of their names."""
    names = sorted({one.identity for side in (before, after) for one in side.objects})
    found = [between(name, before, after, strict=strict) for name in names]
    return Differences(
        tuple(line for one in found for line in one.findings),
        tuple(line for one in found for line in one.notes),
        tuple(detail for one in found for detail in one.details),
    )


@pytest.fixture
def sides(database16: Make, database18: Make) -> Sides:
    """Return the catalogs of two databases, given the SQL of each."""

    def made(before: str, after: str) -> tuple[Catalog, Catalog]:
        return read(database16(before)), read(database18(after))

    return made


@pytest.mark.parametrize("kind", ["serial", "integer generated always as identity"])
def test_sequence_of_another_name_behind_the_same_column_is_a_note(kind: str, sides: Sides) -> None:
    before = f'create table t (id {kind}, "N x" {kind})'
    after = f"{before}; alter sequence t_id_seq rename to numbers"
    after += """; alter sequence "t_N x_seq" rename to "More 'numbers\""""
    found = everything(*sides(before, after))

    assert found.findings == ()
    assert found.notes == (
        'public."t_N x_seq" is named public."More \'numbers" after',
        "public.t_id_seq is named public.numbers after",
    )


def test_sequence_of_another_name_and_increment_is_a_finding_about_the_increment(
    sides: Sides,
) -> None:
    after = "create table t (id serial); alter sequence t_id_seq rename to s; alter sequence s"
    found = everything(*sides("create table t (id serial)", f"{after} increment 5"))

    assert found.findings == ("public.t_id_seq: increment 1 before, 5 after",)


def test_default_that_takes_from_a_strange_sequence_is_a_finding(sides: Sides) -> None:
    common = "create table t (id serial); create sequence u;"
    found = everything(*sides(common, f"{common} alter table t alter id set default nextval('u')"))

    assert found.findings == (
        (
            "public.t.id: default nextval('public.t_id_seq'::regclass) before,"
            " nextval('public.u'::regclass) after"
        ),
    )


def test_sequences_that_changed_their_columns_are_findings(sides: Sides) -> None:
    common = "create table t (a integer, b integer); create sequence s; create sequence u;"
    before = f"{common} alter sequence s owned by t.a; alter sequence u owned by t.b"
    after = f"{common} alter sequence s owned by t.b; alter sequence u owned by t.a"
    found = everything(*sides(before, after))

    assert found.findings == (
        "public.s: owner public.t.a before, public.t.b after",
        "public.u: owner public.t.b before, public.t.a after",
    )


def test_statistics_of_another_name_are_a_note(sides: Sides) -> None:
    common = "create table t (a integer, b integer, c integer);"
    found = everything(
        *sides(
            f"{common} create statistics s on a, b from t; create statistics u on b, c from t",
            f"{common} create statistics t_a_b_stat on a, b from t; create statistics v on a, c"
            " from t",
        )
    )

    assert found.findings == (
        "statistics public.u: missing after",
        "statistics public.v: only after",
    )
    assert found.notes == ("statistics public.s is named statistics public.t_a_b_stat after",)


def test_names_are_findings_where_the_project_says_so(sides: Sides) -> None:
    common = "create table t (id serial, v text check (v <> '')); create index i on t (v);"
    after = (
        f"{common} alter index i rename to j; alter table t rename constraint t_v_check to c;"
        " alter sequence t_id_seq rename to s"
    )
    was, now = sides(common, after)
    found = everything(was, now, strict=True)

    assert everything(was, now).findings == ()
    assert found.findings == (
        "public.t: constraint t_v_check: name t_v_check before, c after",
        "public.t: index i: name i before, j after",
        "public.t_id_seq: name public.t_id_seq before, public.s after",
    )
    assert found.script == (
        'alter table "public"."t" rename constraint "c" to "t_v_check";\n'
        'alter index "public"."j" rename to "i";\n'
        'alter sequence "public"."s" rename to "t_id_seq";\n'
    )


def test_names_that_the_server_numbered_in_another_order_are_notes(sides: Sides) -> None:
    table = "create table t (a integer, b integer"
    found = everything(
        *sides(
            f"{table}, check (a > b), check (a <> b)); create index i1 on t (a);"
            " create index i2 on t (b)",
            f"{table}, check (a <> b), check (a > b)); create index i1 on t (b);"
            " create index i2 on t (a)",
        )
    )

    assert found.findings == ()
    assert found.notes == (
        "public.t: constraint t_check is named t_check1 after",
        "public.t: constraint t_check1 is named t_check after",
        "public.t: index i1 is named i2 after",
        "public.t: index i2 is named i1 after",
    )


def test_a_name_that_both_sides_have_for_two_things_keeps_them_apart(sides: Sides) -> None:
    common = "create table t (a integer, b integer);"
    found = everything(
        *sides(
            f"{common} create index i on t (a)",
            f"{common} create index i on t (b); create index j on t (a)",
        )
    )

    assert found.findings == (
        "public.t: index i: btree (a) before, btree (b) after",
        "public.t: index j only after",
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            "create trigger {0} before insert on t for each row execute function f()",
            "trigger a: name a before, b after",
        ),
        ("create rule {0} as on delete to t do instead nothing", "rule a: name a before, b after"),
        ("create policy {0} on t using (id > 0)", "policy a: name a before, b after"),
    ],
    ids=["trigger", "rule", "policy"],
)
def test_names_that_people_gave_count(made: str, said: str, sides: Sides) -> None:
    common = (
        "create table t (id integer); create function f() returns trigger language plpgsql as"
        " 'begin return new; end';"
    )
    found = everything(*sides(common + made.format("a"), common + made.format("b")))

    assert found.findings == (f"public.t: {said}",)


@pytest.mark.parametrize(
    ("lost", "noted"),
    [
        ("", 1),
        ("comment on constraint u on t is 'c'", 0),
        ("comment on index u is 'c'", 0),
        ("alter table t replica identity using index u", 0),
        ("alter table t cluster on u", 0),
    ],
    ids=["nothing", "comment", "comment of the index", "replica identity", "cluster"],
)
def test_unique_index_for_a_constraint_is_a_note_if_it_has_all_that_the_other_had(
    lost: str, noted: int, sides: Sides
) -> None:
    table = "create table t (id integer not null"
    was, now = sides(
        f"{table} constraint u unique); {lost}", f"{table}); create unique index u on t (id)"
    )
    found = everything(was, now)

    assert (len(found.notes), not found.findings) == (noted, bool(noted))
    assert bool(everything(now, was).findings) is not bool(noted)


def test_tablespace_of_an_index_under_another_name_is_a_note() -> None:
    def declared(name: str, **more: str) -> Object:
        return Object(
            "public.t", "table", {"indexes": {name: {"definition": "btree (id)", **more}}}
        )

    found = differences.compare(declared("i", tablespace="fast"), declared("j"))

    assert (len(found.notes), found.findings) == (2, ())


def test_what_is_missing_with_its_schema_says_so_in_one_line(sides: Sides) -> None:
    audit = (
        "create schema audit; create table audit.log (id serial primary key);"
        " create function audit.f(text) returns text language sql as 'select $1';"
        " create type audit.e as enum ('a')"
    )
    was, now = sides(audit, "create schema other; create view other.v as select 1 as one")
    found = everything(was, now)

    assert found.findings == (
        "audit.log: missing after, with schema audit",
        "audit.log_id_seq: missing after, with schema audit",
        "enum audit.e: missing after, with schema audit",
        "function audit.f(text): missing after, with schema audit",
        "other.v: only after, with schema other",
        "schema audit: missing after, with 4 objects in it",
        "schema other: only after, with 1 object in it",
    )


def test_what_is_missing_with_its_table_says_so_in_one_line(sides: Sides) -> None:
    before = (
        "create table t (id serial, k text) partition by range (id); create statistics s on id, k"
        " from t; create table t1 partition of t for values from (0) to (5) partition by list (k);"
        " create table t11 partition of t1 default"
    )
    found = everything(*sides(before, ""))

    assert found.findings == (
        "public.t: missing after",
        "public.t1: missing after, with public.t",
        "public.t11: missing after, with public.t1",
        "public.t_id_seq: missing after, with public.t",
        "statistics public.s: missing after, with public.t",
    )


def test_what_is_missing_of_itself_is_explained_by_nothing(sides: Sides) -> None:
    was, now = sides("create table t (id integer)", "")

    assert differences.explained_by("public.t", was, now) == ""
    assert differences.explained_by("schema public", was, now) == ""
    assert differences.explained_by("public.unheard_of", was, now) == ""


def test_many_columns_that_differ_in_one_way_are_one_finding(sides: Sides) -> None:
    def table(collation: str) -> str:
        columns = ", ".join(f"c{number:02} text{collation}" for number in range(37))
        return f"create table t ({columns}, v text)"

    found = everything(*sides(table(' collate "C"'), table("")))

    assert found.findings == (
        (
            "public.t: 37 columns: collation pg_catalog.C before, the type's own after:"
            " c00, c01, c02 … and 34 more"
        ),
    )
    assert found.script.count("alter table") == 37
    assert found.told.splitlines()[-1] == "  mend: … and 34 more of the kind"


def test_many_columns_that_are_gone_are_one_finding(sides: Sides) -> None:
    found = everything(
        *sides(
            "create table t (z integer, a text, b text, c text, d text)",
            "create table t (z integer)",
        )
    )

    assert found.findings == ("public.t: 4 columns gone: a, b, c … and 1 more",)


def test_lists_whose_order_says_nothing_may_be_sorted_by_any_collation() -> None:
    one = Object("public.t", "table", {"options": ["a_b=1", "aa=2"], "columns": {}})
    other = replace(one, attributes={"options": ["aa=2", "a_b=1"], "columns": {}})
    more = replace(one, attributes={"options": ["aa=2", "a_b=2"], "columns": {}})

    assert differences.compare(one, other) == Differences()
    assert len(differences.compare(one, more).findings) == 1


def test_tablespaces_are_notes_wherever_they_are_written() -> None:
    def declared(tablespace: str) -> Object:
        here = {"tablespace": tablespace} if tablespace else {}
        index = {"definition": "btree (id)", "valid": True, "ready": True, **here}
        return Object("public.t", "table", {"indexes": {"i": index}, **here})

    found = differences.compare(declared("fast"), declared(""))

    assert found.findings == ()
    assert found.notes == (
        "public.t: tablespace fast before, the database's after",
        "public.t: index i: tablespace fast before, the database's after",
    )


def _large(tables: int, comment: str) -> list[Object]:
    """Return tables of twenty columns, five indexes and a check each."""
    column = {"type": "integer", "nullable": True, "default": "0"}
    return [
        Object(
            f"public.t{number}",
            "table",
            {
                "columns": {f"c{at}": dict(column) for at in range(20)},
                "order": [f"c{at}" for at in range(20)],
                "indexes": {
                    f"t{number}_c{at}_idx{comment}": {
                        "definition": f"btree (c{at}) WHERE (c{at} > {at})",
                        "valid": True,
                        "ready": True,
                    }
                    for at in range(5)
                },
                "constraints": {"c": {"definition": "CHECK ((c1 > 0))", "validated": True}},
                "comment": comment,
            },
        )
        for number in range(tables)
    ]


@pytest.mark.parametrize(("other", "told"), [("", 0), ("_x", 1000)], ids=["equal", "all differ"])
def test_each_of_a_thousand_tables_that_differ_is_told_once(other: str, told: int) -> None:
    was, now = (Catalog((), (), (), tuple(_large(1000, comment))) for comment in ("", other))

    assert len(everything(was, now).findings) == told
