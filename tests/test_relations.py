"""Is whatever holds or shows rows compared, or named with the reason why it is not?"""

from __future__ import annotations

import contextlib
import resource
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.conninfo import make_conninfo

from gatepost import database, settings
from gatepost.dsn import Dsn
from gatepost.errors import NotReadable, UsageError
from gatepost.names import relation
from gatepost.parity import slices, tables
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.parity.tables import Comparison
    from gatepost.session import Session

    Make = Callable[..., Dsn]

SHOP = """
create table goods (id int primary key, name text, price numeric(10, 2));
insert into goods select g, 'name ' || g, g from generate_series(1, 300) as g;
create view cheap as select id, name from goods where price < 100;
create materialized view dear as select id, price from goods where price >= 100;
"""


@contextlib.contextmanager
def asked(
    before: Dsn, after: Dsn, *, folder: Path | None = None, **declared: dict[str, Any]
) -> Iterator[Session]:
    """Open a data gate with rules for tables of public."""
    rules = {f"public.{name}": settings.TableRule(**rule) for name, rule in declared.items()}
    with opened(before, after, settings.Project(tables=rules), folder=folder) as session:
        yield session


def planned(session: Session) -> list[str]:
    return [ask.planned.check.subject for ask in session.plan.of("rows")]


def left_out(session: Session) -> list[str]:
    return [one.reason for one in session.plan.not_planned if one.question == "rows"]


def of(session: Session, name: str) -> Comparison:
    return tables.compare(session, relation(f"public.{name}"))


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


QUERY = """
-- what the new table should hold
select id, upper(name) as name, price
from goods
where price > 0; -- all of them
"""
NEW = """
create table people (id int primary key, name text, price numeric(10, 2),
    twice numeric generated always as (price * 2) stored);
insert into people select g, 'NAME ' || g, g from generate_series(1, 300) as g;
"""


def written(folder: Path, text: str = QUERY) -> dict[str, Any]:
    (folder / "people.sql").write_text(text)
    return {"from": "people.sql"}


def test_query_stands_for_what_a_table_should_hold(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SHOP), database18(NEW)
    with asked(before, after, folder=tmp_path, people=written(tmp_path)) as session:
        assert planned(session) == ["public.goods", "public.people"]
        compared = of(session, "people")
        assert compared.alike, compared.finding
        assert compared.notes == ("public.people: compared with what people.sql yields before",)
    run(after, "update people set name = 'x' where id = 7; delete from people where id = 8")
    with asked(before, after, folder=tmp_path, people=written(tmp_path)) as session:
        assert "id = (8): gone" in of(session, "people").finding
        assert "id = (7): changed in name" in of(session, "people").finding


def test_column_that_a_query_does_not_yield_is_named_as_unverified(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SHOP), database18(NEW)
    rule = written(tmp_path, "select id, name as label from goods")
    with asked(before, after, folder=tmp_path, people=rule) as session:
        assert of(session, "people").finding == (
            "public.people: not verified: people.sql does not yield name, price\n"
            "public.people: people.sql yields what the table has no column for: label"
        )
    rule = written(tmp_path, "select id from goods")
    rule["compare"] = {name: {"ignore": "made anew"} for name in ("name", "price")}
    with asked(before, after, folder=tmp_path, people=rule) as session:
        compared = of(session, "people")
        assert compared.alike, compared.finding
        assert "public.people.name: not compared, as declared: made anew" in compared.notes


def test_table_that_a_query_stands_for_and_that_is_not_there_is_missing(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    with asked(
        database16(SHOP), database18(SHOP), folder=tmp_path, people=written(tmp_path)
    ) as session:
        assert of(session, "people").finding == "public.people: missing after, its rows with it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "people.sql: cannot be read: No such file"),
        ("select id,\n  nam\nfrom goods", 'people.sql, line 2: column "nam" does not exist'),
        ("select * from nowhere", 'people.sql, line 1: relation "nowhere" does not exist'),
        ("select 1 as a, 2 as a", "people.sql: yields the column 'a' twice"),
        ("select 1; drop table goods", "people.sql, line 1: syntax error"),
        (";", "people.sql: holds no query"),
    ],
)
def test_query_that_cannot_be_asked_is_refused_before_anything_is(
    database16: Make, database18: Make, tmp_path: Path, text: str | None, words: str
) -> None:
    rule = {"from": "people.sql"} if text is None else written(tmp_path, text)
    with (
        pytest.raises(UsageError, match=words),
        asked(database16(SHOP), database18(NEW), folder=tmp_path, people=rule),
    ):
        pass


ROWS = "insert into t select g, 'v' || g, g % 7 from generate_series(1, 2000) as g;"
PLAIN = "create table t (id int primary key, v text, k int);" + ROWS
BY_RANGE = (
    """
create table t (id int primary key, v text, k int) partition by range (id);
create table t1 partition of t for values from (0) to (900);
create table t2 partition of t for values from (900) to (1500) partition by range (id);
create table t2a partition of t2 for values from (900) to (1000);
create table t2b partition of t2 default;
create table t3 partition of t default;
"""
    + ROWS
)
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


@pytest.fixture
def reader(server18: Any) -> Iterator[Callable[[Dsn], Dsn]]:
    """Return an address as a role that may read, and pass no policy by."""
    run(server18.dsn(), "create role limited login password 'l' in role pg_read_all_data")
    yield lambda dsn: Dsn(make_conninfo(dsn.raw, user="limited", password="l"))
    run(server18.dsn(), "drop role limited")


POLICY = "alter table {} enable row level security; create policy p on {} using (id > 100);"


@pytest.mark.parametrize("tiny", [False, True], ids=["whole", "in slices"])
@pytest.mark.parametrize(
    ("script", "secured"),
    [(PLAIN, "t"), (BY_RANGE, "t"), (BY_RANGE, "t1"), (BY_RANGE, "t2b")],
    ids=["table", "root", "partition", "partition of a partition"],
)
def test_policy_never_hides_a_row(
    database16: Make,
    database18: Make,
    reader: Callable[[Dsn], Dsn],
    monkeypatch: pytest.MonkeyPatch,
    *,
    tiny: bool,
    script: str,
    secured: str,
) -> None:
    """Either the server refuses, or all rows are read: a partition's policy is not the root's."""
    if tiny:
        monkeypatch.setattr(slices, "BYTES", 16 << 10)
    before, after = database16(script), database18(script)
    run(after, POLICY.format(secured, secured))
    with opened(before, reader(after)) as session:
        if secured == "t" and (script == PLAIN or not tiny):
            with pytest.raises(NotReadable, match="row-level security"):
                of(session, "t")
        else:
            compared = of(session, "t")
            assert compared.now is not None
            assert compared.now.rows == 2000
    run(after, "delete from t where id = 7")
    with opened(before, reader(after)) as session, contextlib.suppress(NotReadable):
        assert "id = (7): gone" in of(session, "t").finding


def test_lent_connection_refuses_what_a_policy_would_hide(
    database18: Make, database16: Make, reader: Callable[[Dsn], Dsn]
) -> None:
    after = database18(PLAIN)
    run(after, POLICY.format("t", "t"))
    with (
        opened(database16(PLAIN), reader(after)) as session,
        session.after.lent() as conn,
        pytest.raises(NotReadable, match="row-level security"),
    ):
        database.rows(conn, "select id from public.t")


@pytest.mark.slow
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
