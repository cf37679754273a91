"""Is what is out of order seen, named, and told from what was so before?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database, objects
from gatepost.errors import NotReadable
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.parity.hashes import Hash

    Make = Callable[..., Dsn]

SHOP = """
    create table par (id integer primary key);
    create table t (id integer primary key, v text, par integer constraint f references par);
    create index i on t (v);
    alter table t add constraint positive check (id > 0);
    create function tf() returns trigger language plpgsql as 'begin return new; end';
    create trigger tr before insert on t for each row execute function tf();
    create materialized view m as select id from t;
    insert into par values (1);
    insert into t select g, 'x', 1 from generate_series(1, 100) as g;
    select lo_from_bytea(4242, convert_to(repeat('a', 3000000), 'UTF8'));
    select lo_from_bytea(4243, '');
    analyze;
"""
INVALID = """
    update pg_catalog.pg_index set indisvalid = false where indexrelid = 'public.i'::regclass;
"""
UNCHECKED = """
    alter table t drop constraint positive;
    alter table t add constraint positive check (id > 0) not valid;
"""
EMPTIED = "refresh materialized view m with no data"

OBJECTS = "large objects: 2 (3,000,000 bytes) before, "
FAULTS = [
    ("indexes", INVALID, ["public.t: index i: valid before, invalid after"]),
    (
        "constraints",
        UNCHECKED,
        ["public.t: constraint positive: validated before, not validated after"],
    ),
    (
        "triggers",
        "alter table t disable trigger tr",
        ["public.t: trigger tr: enabled before, disabled after"],
    ),
    (
        "triggers",
        "alter table par disable trigger all",
        ["public.par: triggers of constraint f: enabled before, disabled after"],
    ),
    (
        "triggers",
        "alter table t enable always trigger tr",
        ["public.t: trigger tr: enabled before, always after"],
    ),
    ("materialised views", EMPTIED, ["public.m: populated before, not populated after"]),
    (
        "statistics",
        "delete from pg_catalog.pg_statistic where starelid = 'public.t'::regclass",
        ["public.t: planner statistics: present before, absent after"],
    ),
    (
        "large objects",
        "select lo_unlink(4243)",
        [OBJECTS + "1 (3,000,000 bytes) after", "large object 4243: gone"],
    ),
    (
        "large objects",
        "select lo_put(4242, 2999999, 'b')",
        [
            OBJECTS + "2 (3,000,000 bytes) after",
            "large object 4242: 3,000,000 bytes before, 3,000,000 after, not the same",
        ],
    ),
    (
        "large objects",
        "select lo_create(99)",
        [OBJECTS + "3 (3,000,000 bytes) after", "large object 99: only after"],
    ),
]


@pytest.fixture(scope="module")
def shop16(server16: Server) -> Dsn:
    """A healthy shop on PostgreSQL 16."""
    return _shop(server16)


@pytest.fixture(scope="module")
def shop18(server18: Server) -> Dsn:
    """The same shop on PostgreSQL 18, which nobody changes: a template for broken ones."""
    return _shop(server18)


def _shop(server: Server) -> Dsn:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("create database objects_shop template template0")
    dsn = server.dsn("objects_shop")
    run(dsn, SHOP)
    return dsn


def compared(subject: str, before: Dsn, after: Dsn) -> objects.Compared:
    with (
        contextlib.closing(database.read_only(before)) as one,
        contextlib.closing(database.read_only(after)) as other,
    ):
        return objects.compare(subject, objects.Asked(one), objects.Asked(other))


@pytest.mark.parametrize("subject", objects.SUBJECTS)
def test_two_healthy_databases_have_nothing_out_of_order(
    subject: str, shop16: Dsn, shop18: Dsn
) -> None:
    found = compared(subject, shop16, shop18)
    assert (found.findings, found.notes) == ((), ())
    assert sum(found.now.values()) > 0


@pytest.mark.parametrize(("subject", "fault", "findings"), FAULTS)
def test_what_is_out_of_order_is_named(
    subject: str, fault: str, findings: list[str], *, shop16: Dsn, shop18: Dsn, database18: Make
) -> None:
    found = compared(subject, shop16, database18(fault, template=shop18.dbname))
    assert list(found.findings) == findings


@pytest.mark.parametrize(
    ("subject", "fault", "note"),
    [
        ("indexes", INVALID, "public.t: index i: invalid, inherited"),
        ("constraints", UNCHECKED, "public.t: constraint positive: not validated, inherited"),
        ("materialised views", EMPTIED, "public.m: not populated, inherited"),
    ],
)
def test_what_was_out_of_order_before_is_inherited(
    subject: str, fault: str, note: str, shop18: Dsn, database18: Make
) -> None:
    broken = database18(fault, template=shop18.dbname)
    found = compared(subject, broken, broken)
    assert (found.findings, found.notes) == ((), (note,))


def test_trigger_that_slept_before_and_fires_now_is_a_finding(
    shop16: Dsn, shop18: Dsn, database18: Make
) -> None:
    asleep = database18("alter table t disable trigger tr", template=shop18.dbname)
    found = compared("triggers", asleep, shop16)
    assert found.findings == ("public.t: trigger tr: disabled before, enabled after",)


def test_index_that_was_repaired_is_no_finding(shop16: Dsn, shop18: Dsn, database18: Make) -> None:
    broken = database18(INVALID, template=shop18.dbname)
    found = compared("indexes", broken, shop16)
    assert (found.findings, found.notes) == ((), ())


def test_index_that_is_invalid_and_new_is_a_finding(shop18: Dsn, database18: Make) -> None:
    without = database18("drop index i", template=shop18.dbname)
    found = compared("indexes", without, database18(INVALID, template=shop18.dbname))
    assert found.findings == ("public.t: index i: invalid after, not there before",)


def test_many_large_objects_at_fault_are_counted_and_twenty_named(
    database16: Make, database18: Make
) -> None:
    many = "select lo_create(g) from generate_series(1000, 1999) as g"
    found = compared("large objects", database16(), database18(many))
    assert found.findings[0] == "large objects: 0 (0 bytes) before, 1,000 (0 bytes) after"
    assert len(found.findings) == 1 + objects.LIMIT + 1


def test_statistics_that_the_role_may_not_see_are_not_called_absent(
    shop16: Dsn, shop18: Dsn, database18: Make
) -> None:
    dsn = database18("create role sees_nothing", template=shop18.dbname)
    with (
        contextlib.closing(database.read_only(shop16)) as before,
        contextlib.closing(database.read_only(dsn)) as after,
    ):
        after.execute("set role sees_nothing")
        with pytest.raises(NotReadable, match="hidden from this role"):
            objects.compare("statistics", objects.Asked(before), objects.Asked(after))


SPARSE = """
    select lo_create(5), lo_put(5, 5000000, 'end'), lo_put(5, 10, 'a'),
           lo_from_bytea(6, decode(repeat('00', 2048) || '61' || repeat('00', 2047), 'hex')),
           lo_create(7);
"""
DENSE = """
    select lo_from_bytea(5, decode(repeat('00', 10), 'hex') || 'a'
               || decode(repeat('00', 4999989), 'hex') || 'end'),
           lo_create(6), lo_put(6, 4095, decode('00', 'hex')), lo_put(6, 2048, 'a'),
           lo_from_bytea(7, '');
"""
ROLES = """
    create role of_all in role pg_read_all_data;
    create role of_each;
    grant select on large object 5, 6, 7 to of_each;
"""


@pytest.mark.parametrize("method", ["hash64", "sha256"])
@pytest.mark.parametrize("role", ["of_all", "of_each"])
def test_large_object_is_its_content_however_it_is_stored_and_read(
    role: str, method: Hash, *, database16: Make, database18: Make
) -> None:
    after = database18(DENSE + ROLES)
    with (
        contextlib.closing(database.read_only(database16(SPARSE))) as one,
        contextlib.closing(database.read_only(after)) as other,
    ):
        other.execute(f"set role {role}")
        found = objects.compare("large objects", objects.Asked(one), objects.Asked(other), method)
        run(after, "select lo_put(5, 5000003, decode('00', 'hex')), lo_put(6, 4000, 'b')")
        other.rollback()
        other.execute(f"set role {role}")
        changed = objects.compare("large objects", objects.Asked(one), objects.Asked(other), method)
        one.rollback()

    assert (found.findings, found.notes) == ((), ())
    assert found.was == found.now == {"objects": 3, "bytes": 5_000_003 + 4096}
    assert changed.findings[1:] == (
        "large object 5: 5,000,003 bytes before, 5,000,004 after",
        "large object 6: 4,096 bytes before, 4,096 after, not the same",
    )


def test_large_objects_that_may_be_read_are_compared_beside_one_that_may_not(
    database16: Make, database18: Make
) -> None:
    script = "select lo_from_bytea(5, 'five'), lo_from_bytea(6, 'six'), lo_from_bytea(7, 'seven');"
    after = database18(script + "create role of_each; grant select on large object 5, 6 to of_each")
    run(after, "select lo_put(6, 0, 'S')")
    with (
        contextlib.closing(database.read_only(database16(script))) as one,
        contextlib.closing(database.read_only(after)) as other,
    ):
        other.execute("set role of_each")
        found = objects.compare("large objects", objects.Asked(one), objects.Asked(other))

    assert found.findings == (
        "large objects: 2 (7 bytes) before, 2 (7 bytes) after",
        "large object 6: 3 bytes before, 3 after, not the same",
    )
    assert found.notes == ("large object 7: not compared: this role may not read it after",)


def test_large_object_that_may_not_be_read_is_an_error(database18: Make) -> None:
    dsn = database18("select lo_create(7); create role reads_nothing")
    with contextlib.closing(database.read_only(dsn)) as conn:
        conn.execute("set role reads_nothing")
        with pytest.raises(NotReadable, match="large object 7: not compared: this role may not"):
            objects.compare("large objects", objects.Asked(conn), objects.Asked(conn))
