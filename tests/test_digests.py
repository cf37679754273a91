"""Do equal rows always share a digest, and different rows never?"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.names import relation
from gatepost.parity import digests, hashes, readings
from gatepost.schema import catalog
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

TYPES = """
create type mood as enum ('sad', 'ok');
create type pair as (a numeric, b char(3));
create domain code as char(4);
create table t (
    id int primary key, n numeric, f4 float4, f8 float8, s text, c char(5), v varchar(9), b bytea,
    bo bool, d date, ts timestamp(3), tz timestamptz, ti time, i interval, u uuid, j json,
    jb jsonb, ip inet, m money, bi bit(3), vb varbit, po point, na name, q "char", e mood,
    p pair, dc code, an numeric[], af float8[], ac char(3)[], r int4range, mr nummultirange,
    l pg_lsn
);
insert into t values (
    1, 1.10, 1.5, 2.5, 'a', 'ab', 'x', '\\xff00', true, '2024-01-02', '2024-05-01 12:00:00.123',
    '2024-05-01 12:00+02', '12:00', '1 mon -30 days', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    '{"a": 1.0}', '{"a": 1}', '10.0.0.1', 12.34, b'101', b'1', '(1,2)', 'n', 'q', 'sad',
    (1.0, 'a'), 'ab', '{1.0,2}', '{0}', '{a}', '[1,5)', '{[1,2)}', '16/B374D848'
), (2, 0, 0, 0, '', '', '', '', false, 'infinity', 'infinity', '-infinity', '00:00', '0', null,
    '[]', '[]', '::1', 0, b'000', b'', '(0,0)', '', '', 'ok', (0, ''), '', '{}', '{}', '{}',
    'empty', '{}', '0/0');
insert into t (id) values (3);
"""

# Each pair of values is called equal by some hash or text that looks exact.
CHANGES = {
    "sign of a numeric": "update t set n = -1.10 where id = 1",
    "scale of a numeric": "update t set n = 1.1 where id = 1",
    "numeric to NaN": "update t set n = 'NaN' where id = 2",
    "zero to NULL": "update t set n = null where id = 2",
    "NULL to zero": "update t set n = 0 where id = 3",
    "NULL to empty text": "update t set s = '' where id = 3",
    "NULL to empty bytes": "update t set b = '' where id = 3",
    "NULL to false": "update t set bo = false where id = 3",
    "minus zero": "update t set f8 = '-0' where id = 2",
    "last bit of a float8": "update t set f8 = 2.5000000000000004 where id = 1",
    "last bit of a float4": "update t set f4 = 1.5000001 where id = 1",
    "minus zero in an array": "update t set af = '{-0}' where id = 1",
    "blanks that char stores": "update t set dc = 'abc' where id = 1",
    "case": "update t set s = 'A' where id = 1",
    "trailing blank": "update t set v = 'x ' where id = 1",
    "a byte": "update t set b = '\\xff01' where id = 1",
    "one millisecond": "update t set ts = ts + interval '1 ms' where id = 1",
    "one microsecond": "update t set tz = tz + interval '1 us' where id = 1",
    "one hour": "update t set tz = tz + interval '1 hour' where id = 1",
    "an interval equal in length": "update t set i = '0' where id = 1",
    "space in json": """update t set j = '{"a":1.0}' where id = 1""",
    "scale in jsonb": """update t set jb = '{"a": 1.0}' where id = 1""",
    "sign in jsonb": """update t set jb = '{"a": -1}' where id = 1""",
    "nesting in jsonb": "update t set jb = '[[]]' where id = 2",
    "shape of an array": "update t set an = '{{1.0,2}}' where id = 1",
    "a cent": "update t set m = 12.35 where id = 1",
    "an enum's label": "update t set e = 'ok' where id = 1",
    "length of a bit string": "update t set vb = b'10' where id = 1",
    "bound of a range": "update t set r = '[1,5]' where id = 1",
    "scale inside a composite": "update t set p = (1.00, 'a') where id = 1",
    "empty text in a composite": "update t set p = (0, null) where id = 2",
    "a point": "update t set po = '(1,-0)' where id = 2",
    "a row less": "delete from t where id = 3",
    "a row more": "insert into t (id) values (4)",
    "another key": "update t set id = 4 where id = 3",
    "values that changed places": "update t set s = case id when 1 then '' else 'a' end"
    " where id < 3",
}


def of(dsn: Dsn, name: str = "public.t", method: hashes.Hash = "hash64") -> digests.Digest:
    """Return the digest of one table."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        table = catalog.read(conn).table(relation(name))
        assert table is not None
        return digests.digest(conn, readings.pair(table, table, method=method)[0])


def test_digest_is_the_same_on_both_servers(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    assert of(database16(TYPES)) == of(database18(TYPES))


@pytest.mark.parametrize("method", ["hash64", "sha256"])
def test_digest_notices_any_single_change(
    database18: Callable[..., Dsn], method: hashes.Hash
) -> None:
    dsn = database18(TYPES)
    was = of(dsn, method=method)
    unseen = []
    for name, statement in CHANGES.items():
        run(dsn, f"create table kept as table t; {statement}")
        if of(dsn, method=method) == was:
            unseen.append(name)
        run(dsn, "delete from t; insert into t select * from kept; drop table kept")

    assert unseen == []
    assert of(dsn, method=method) == was


def test_digest_names_the_column_that_changed(database18: Callable[..., Dsn]) -> None:
    dsn = database18(TYPES)
    was = of(dsn)
    run(dsn, "update t set jb = '{}' where id = 2")

    assert was.differing(of(dsn)) == ("jb",)


@pytest.mark.parametrize("kind", ["float4", "float8"])
def test_digest_notices_zeros_of_two_signs_that_change_places(
    database18: Callable[..., Dsn], kind: str
) -> None:
    # A hash of which only a bit of its seed is left, the key's hash, would cancel out in every
    # second pair of rows: so the one minus wanders through eight.
    made = f"create table t (id int primary key, f {kind});"
    dsn = database18(f"{made} insert into t select n, 0 from generate_series(0, 7) n")
    seen = set()
    for minus in range(8):
        run(dsn, f"update t set f = case id when {minus} then '-0'::{kind} else 0 end")
        seen.add(of(dsn).columns["f"])

    assert len(seen) == 8


def test_digest_ignores_row_order_and_storage(database18: Callable[..., Dsn]) -> None:
    script = "create table t (a text, b int); insert into t select 'x' || g, g from {}"
    up = database18(script.format("generate_series(1, 500) as g"))
    down = database18(script.format("generate_series(500, 1, -1) as g"))
    run(down, "alter table t add dropped int; alter table t drop dropped")
    run(down, "vacuum full t")

    assert of(up) == of(down)


def test_digest_ignores_column_order(database18: Callable[..., Dsn]) -> None:
    one = database18(
        "create table t (id int primary key, a text, b text);insert into t values (1, 'x', 'y')"
    )
    two = database18(
        "create table t (b text, a text, id int primary key);insert into t values ('y', 'x', 1)"
    )

    assert of(one) == of(two)


def test_digest_of_an_empty_table_is_zero(database18: Callable[..., Dsn]) -> None:
    found = of(database18("create table t (id int primary key, a text)"))

    assert (found.rows, found.keys, found.columns["a"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        "insert into t values (1, 'a')",
        "delete from t where ctid = (select min(ctid) from t where a = 1)",
        "update t set b = case b when 'a' then 'b' else 'a' end where a < 3",
        "update t set b = null where a = 3",
    ],
)
def test_digest_without_a_key_notices(database18: Callable[..., Dsn], change: str) -> None:
    dsn = database18(
        "create table t (a int, b text);insert into t values (1, 'a'), (1, 'a'), (2, 'b'), (3, '')"
    )
    was = of(dsn)
    run(dsn, change)

    assert of(dsn) != was


def test_digest_ignores_the_settings_of_role_and_database(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    plain, odd = database16(TYPES), database18(TYPES)
    for setting in (
        "timezone to 'Asia/Tokyo'",
        "datestyle to 'SQL, DMY'",
        "bytea_output to escape",
        "extra_float_digits to 0",
        "intervalstyle to iso_8601",
    ):
        run(odd, f"alter database {odd.dbname} set {setting}")

    assert of(plain) == of(odd)


@pytest.mark.parametrize("key", ["primary key", ""])
def test_digest_of_two_encodings_is_that_of_the_characters(
    database18: Callable[..., Dsn], key: str
) -> None:
    rows = "(1, 'é', null), (2, null, 'x')"
    script = f"create table t (id int {key}, a text, b text); insert into t values {rows}"
    dsn = database18(script)
    latin = database18()
    run(latin, "create database latin template template0 encoding 'LATIN1'")
    try:
        run(latin.of("latin"), script)
        found = []
        for one, encoded in ((dsn, False), (latin.of("latin"), True)):
            with contextlib.closing(database.read_only(one)) as conn:
                table = catalog.read(conn).table(relation("public.t"))
                assert table is not None
                found.append(
                    digests.digest(conn, readings.pair(table, table, utf8=(encoded, encoded))[0])
                )
        assert found[0] == found[1]
    finally:
        run(latin, "drop database latin with (force)")


def test_digest_reads_1600_columns(database18: Callable[..., Dsn]) -> None:
    columns = ", ".join(f"c{n} int" for n in range(1600))
    dsn = database18(f"create table t ({columns}); insert into t (c0, c1599) values (1, 2)")
    was = of(dsn)
    run(dsn, "update t set c1599 = 3")

    assert was.differing(of(dsn)) == ("c1599",)


def test_digest_reads_partitions_through_their_root(database18: Callable[..., Dsn]) -> None:
    rows = "insert into t select g, 'x' from generate_series(1, 100) as g"
    whole = database18(f"create table t (id int primary key, a text); {rows}")
    parted = database18(
        "create table t (id int primary key, a text) partition by range (id);"
        "create table t1 partition of t for values from (0) to (50);"
        f"create table t2 partition of t default; {rows}"
    )

    assert of(whole) == of(parted)


def test_digest_leaves_out_the_rows_of_inheritors(database18: Callable[..., Dsn]) -> None:
    dsn = database18(
        "create table t (id int primary key); create table u () inherits (t);"
        "insert into t values (1); insert into u values (2)"
    )

    assert of(dsn).rows == 1


def test_servers_agree_on_known_answers(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    with (
        contextlib.closing(database.read_only(database16())) as one,
        contextlib.closing(database.read_only(database18())) as two,
    ):
        agreed = hashes.agree(partial(hashes.answers, one), partial(hashes.answers, two))
    assert agreed == hashes.Agreement("hash64")
