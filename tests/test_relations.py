"""Is whatever holds or shows rows compared, or named with the reason why it is not?"""

from __future__ import annotations

import contextlib
import resource
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.errors import UsageError
from gatepost.names import relation
from gatepost.parity import slices
from tests.conftest import run
from tests.pairs import opened
from tests.relations import BY_RANGE, PLAIN, ROWS, SHOP, asked, of, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.session import Session

    Make = Callable[..., Dsn]


def left_out(session: Session) -> list[str]:
    return [one.reason for one in session.plan.not_planned if one.question == "rows"]


def said(before: Dsn, after: Dsn, name: str = "t") -> str:
    """Return the finding of one relation; empty where both sides are alike."""
    with opened(before, after) as session:
        compared = of(session, name)
        assert compared.alike == (not compared.finding)
        return compared.finding


def test_views_are_named_with_the_reason_and_the_way_to_compare_them(
    database16: Make, database18: Make
) -> None:
    with opened(database16(SHOP), database18(SHOP)) as session:
        assert planned(session) == ["public.goods"]
        assert left_out(session) == [
            (
                "public.cheap is a view: it holds no rows of its own;"
                ' [tables."public.cheap"] rows = true compares what it shows'
            ),
            (
                "public.dear is a materialised view: a refresh at restore may rightly change it;"
                ' [tables."public.dear"] rows = true compares what it holds'
            ),
        ]


def test_foreign_table_is_named_with_the_reason(database16: Make, database18: Make) -> None:
    script = "create foreign data wrapper w; create server s foreign data wrapper w;"
    script += "create foreign table far (id int) server s; create table t (id int)"
    with opened(database16(script), database18(script)) as session:
        assert left_out(session) == [
            (
                "public.far is a foreign table: its rows are another server's;"
                ' [tables."public.far"] rows = true compares them'
            )
        ]


def test_views_are_compared_where_the_project_says_so(database16: Make, database18: Make) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(
        after,
        "update goods set name = 'x' where id = 7; update goods set price = 500 where id = 200",
    )
    rules: dict[str, Any] = {"cheap": {"rows": True}, "dear": {"rows": True}}
    with asked(before, after, **rules) as session:
        assert planned(session) == ["public.cheap", "public.dear", "public.goods"]
        assert left_out(session) == []
        cheap, dear = of(session, "cheap"), of(session, "dear")

        assert not cheap.alike
        assert "1 gone, 1 new" in cheap.finding
        assert dear.alike  # it was not refreshed
    run(after, "refresh materialized view dear")
    with asked(before, after, **rules) as session:
        assert "1 gone, 1 new" in of(session, "dear").finding


def test_materialised_view_that_is_empty_on_request_is_no_yes(
    database16: Make, database18: Make
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, "refresh materialized view dear with no data")
    with asked(before, after, dear={"rows": True}) as session:
        compared = session.compared(relation("public.dear"))
        with pytest.raises(Exception, match="has not been populated"):
            compared.read()


BY_HASH = """
create table t (k int, v text, id int primary key) partition by hash (id);
create table h0 (id int not null, dropped int, v text, k int);
alter table h0 drop column dropped;
alter table t attach partition h0 for values with (modulus 2, remainder 0);
create table h1 partition of t for values with (modulus 2, remainder 1);
""" + ROWS.replace("insert into t ", "insert into t (id, v, k) ")


@pytest.mark.parametrize("tiny", [False, True], ids=["whole", "in slices"])
@pytest.mark.parametrize(("was", "now"), [(PLAIN, BY_RANGE), (BY_RANGE, BY_HASH), (BY_HASH, PLAIN)])
def test_partitioning_may_differ_and_rows_may_not(
    database16: Make,
    database18: Make,
    monkeypatch: pytest.MonkeyPatch,
    *,
    tiny: bool,
    was: str,
    now: str,
) -> None:
    if tiny:
        monkeypatch.setattr(slices, "BYTES", 16 << 10)
    before, after = database16(was), database18(now)

    assert said(before, after) == ""
    run(after, "update t set v = 'x' where id = 950; delete from t where id in (5, 1999)")
    finding = said(before, after)
    assert "2,000 rows before, 1,998 after; 2 gone, 1 changed" in finding
    assert "id = (950): changed in v" in finding


def test_partitions_are_read_through_their_root_and_not_twice(
    database16: Make, database18: Make
) -> None:
    with opened(database16(BY_RANGE), database18(BY_HASH)) as session:
        assert planned(session) == ["public.t"]


def test_table_that_is_a_partition_on_one_side_only_is_asked_for(
    database16: Make, database18: Make
) -> None:
    loose = PLAIN + "create table h0 (id int not null, v text, k int)"
    with opened(database16(loose), database18(BY_HASH)) as session:
        assert planned(session) == ["public.h0", "public.t"]
        assert "0 rows before" in of(session, "h0").finding


def test_rule_for_a_partition_is_refused_with_the_root(database16: Make, database18: Make) -> None:
    with (
        pytest.raises(UsageError, match=r"is a partition of public\.t, through which it is read"),
        asked(database16(BY_RANGE), database18(BY_RANGE), t1={"mask": ("v",)}),
    ):
        pass


FAMILY = """
create table parent (id int primary key, v text);
create table child (extra int) inherits (parent);
insert into parent values (1, 'a'), (2, 'b');
insert into child values (2, 'b', 1), (3, 'c', 1);
"""


def test_inheriting_tables_are_read_apart_and_it_is_said(
    database16: Make, database18: Make
) -> None:
    before, after = database16(FAMILY), database18(FAMILY)
    with opened(before, after) as session:
        assert planned(session) == ["public.child", "public.parent"]
        parent = of(session, "parent")
        assert parent.was is not None
        assert parent.was.rows == 2
        assert parent.notes == (
            "public.parent: read without the rows of tables that inherit from it",
        )
    run(
        after,
        "with gone as (delete from child where id = 3 returning id, v)"
        " insert into parent select * from gone",
    )
    assert "id = (3): new" in said(before, after, "parent")
    assert "gone" in said(before, after, "child")


def test_rows_without_a_key_are_counted_by_their_content(
    database16: Make, database18: Make
) -> None:
    script = (
        "create table t (a int, b text);"
        "insert into t select g % 5, null from generate_series(1, 100) as g"
    )
    before, after = database16(script), database18(script)

    assert said(before, after) == ""
    run(
        after, "delete from t where a = 1; insert into t select 2, null from generate_series(1, 20)"
    )
    finding = said(before, after)
    assert "100 rows on both sides, not the same" in finding
    assert "20 gone, 20 doubled" in finding
    assert ": 20 times before, 40 after" in finding


def test_table_without_columns_is_its_number_of_rows(database16: Make, database18: Make) -> None:
    script = "create table t (); insert into t default values; insert into t default values"
    before, after = database16(script), database18(script)

    assert said(before, after) == ""
    run(after, "insert into t default values")
    assert "2 rows before, 3 after" in said(before, after)


@pytest.mark.parametrize("key", ["c0 int primary key", "c0 int"], ids=["key", "no key"])
@pytest.mark.parametrize("changed", ["c1599", "c7"])
def test_1600_columns_are_compared_and_narrowed(
    database16: Make, database18: Make, key: str, changed: str
) -> None:
    columns = ", ".join(f"c{at} bool" for at in range(1, 1600))
    script = (
        f"create table t ({key}, {columns}); insert into t (c0, c5, c1599) select g, true, false"
    )
    script += " from generate_series(1, 40) as g"
    before, after = database16(script), database18(script)

    assert said(before, after) == ""
    run(after, f"update t set {changed} = true where c0 = 33")
    finding = said(before, after)
    assert (f"c0 = (33): changed in {changed}" if "key" in key else "1 gone, 1 new") in finding


def test_change_of_all_of_1600_columns_is_named(database16: Make, database18: Make) -> None:
    columns = ", ".join(f"c{at} int" for at in range(1, 1600))
    script = f"create table t (id int primary key, {columns}); insert into t values (1), (2)"
    before, after = database16(script), database18(script)
    run(after, "update t set " + ", ".join(f"c{at} = 1" for at in range(1, 200)))
    finding = said(before, after)

    assert "2 changed" in finding
    assert "c199" in finding


def test_generated_and_identity_columns_are_columns_as_others(
    database16: Make, database18: Make
) -> None:
    script = (
        "create table t (id int generated always as identity primary key, a int,"
        " b int generated always as (a * {}) {});"
        "insert into t (a) select g from generate_series(1, 50) as g"
    )
    before = database16(script.format(2, "stored"))

    assert said(before, database18(script.format(2, "virtual"))) == ""
    assert said(before, database18(script.format(2, "stored"))) == ""
    finding = said(before, database18(script.format(3, "virtual")))
    assert "50 changed" in finding
    assert "changed in b" in finding


def test_unlogged_table_is_compared_and_it_is_said(database16: Make, database18: Make) -> None:
    script = "create unlogged table t (id int primary key); insert into t values (1)"
    with opened(database16(script), database18(script)) as session:
        compared = of(session, "t")
        assert compared.alike
        assert compared.notes == ("public.t: unlogged: a crash would empty it",)


def test_temporary_table_of_another_session_is_named(database16: Make, database18: Make) -> None:
    before, after = database16(PLAIN), database18(PLAIN)
    with contextlib.closing(database.maintenance(before)) as other:
        other.execute("create temporary table basket (id int); insert into basket values (1)")
        with opened(before, after) as session:
            assert planned(session) == ["public.t"]
            (reason,) = left_out(session)

    assert ".basket is temporary: only its session sees its rows, and no dump holds" in reason


@pytest.mark.slow
@pytest.mark.long
def test_values_of_hundreds_of_megabytes_are_compared_and_narrowed(
    database16: Make, database18: Make
) -> None:
    """A text and bytes of 200 MB each in one row; the last character and the last byte change."""
    script = (
        "create table t (id int primary key, a text, b bytea);"
        "alter table t alter a set storage external, alter b set storage external;"
        "insert into t select 1, repeat('0123456789', 20000000), {};"
    )
    bytes_ = "convert_to(repeat('abcdefghij', 20000000), 'UTF8')"
    before, after = database16(script.format(bytes_)), database18(script.format(bytes_))

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with opened(before, after) as session:
        assert of(session, "t").alike
    run(after, "update t set a = overlay(a placing 'X' from 200000000)")
    run(after, "update t set b = set_byte(b, 199999999, 7)")
    with opened(before, after) as session:
        compared = of(session, "t")
        assert "id = (1): changed in a, b" in compared.finding
        assert {one.column for one in compared.damage} == {"a", "b"}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held

    assert grown < 50 * 1024, "kB of this process"
