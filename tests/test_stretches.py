"""Are the rows at fault the same, whether the whole relation is looked through or a part of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.names import relation
from gatepost.parity import buckets, rows, slices, tables
from gatepost.parity.digests import Stretch
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.parity.buckets import Buckets, Sum
    from gatepost.parity.readings import Reading
    from gatepost.parity.rows import AtFault

    Make = Callable[..., Dsn]

KEYED = "create table t (id int primary key, first text, stretch numeric, t text);"
TEXT_KEY = KEYED.replace("int primary key", "text primary key")
KEYLESS = KEYED.replace(" primary key", "")
FILL = "insert into t select g, 'value ' || g, g / 7.0, 't' from generate_series(1, 20000) as g;"
T = relation("public.t")

DAMAGES = {
    "changed": "update t set first = 'x' where id::int in (5, 9000, 19999)",
    "gone": "delete from t where id::int in (5, 9000, 19999)",
    "new": "insert into t values (20001, 'n'), (-1, 'n'), (20002, null)",
    "all kinds": "delete from t where id::int = 1; insert into t values (0, 'n');"
    "update t set stretch = -stretch where id::int = 777",
    "last page": "delete from t where id::int > 19990",
    "moved and changed": "update t set t = t where id::int % 5000 = 0;"
    "update t set t = 'T' where id::int = 12000",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """Cut relations into small pieces; what is asked for sums of buckets."""
    monkeypatch.setattr(slices, "BYTES", 128 << 10)
    monkeypatch.setattr(slices, "STRETCH", 4)
    found: list[Reading] = []
    real = buckets.sums

    def noted(
        conn: Connection, reading: Reading, dealt: Buckets, *, keys: bool = True
    ) -> dict[int, Sum]:
        found.append(reading)
        return real(conn, reading, dealt, keys=keys)

    monkeypatch.setattr(buckets, "sums", noted)
    return found


def at_fault(before: Dsn, after: Dsn) -> AtFault:
    with opened(before, after) as session:
        compared = tables.compare(session, T)
        assert not compared.alike
        found = compared.at_fault
        assert isinstance(found, rows.AtFault)
        return found


@pytest.mark.parametrize("table", [KEYED, TEXT_KEY, KEYLESS], ids=["integer", "text", "no key"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_part_of_the_rows_tells_the_same_as_all_of_them(
    database16: Make,
    database18: Make,
    monkeypatch: pytest.MonkeyPatch,
    asked: list[Reading],
    table: str,
    damage: str,
) -> None:
    before, after = database16(table + FILL), database18(table + FILL)
    run(after, damage)

    some = at_fault(before, after)
    part = list(asked)
    monkeypatch.setattr(rows, "_PART", -1)
    every = at_fault(before, after)

    assert some == every
    assert some.counts
    assert all(one.stretches is not None for one in part)
    assert all(one.stretches is None for one in asked[len(part) :])


def test_few_pages_are_read_for_few_rows(
    database16: Make, database18: Make, asked: list[Reading]
) -> None:
    before, after = database16(KEYED + FILL), database18(KEYED + FILL)
    run(after, "delete from t where id = 9000")

    assert at_fault(before, after).counts == {"gone": 1}
    (was,), (now,) = (one.stretches or () for one in asked)
    assert was == now
    assert was[1] - was[0] == slices.STRETCH


def test_rows_in_another_order_are_all_looked_through(
    database16: Make, database18: Make, asked: list[Reading]
) -> None:
    before = database16(KEYED + FILL)
    after = database18(KEYED + FILL.replace(";", " order by md5(g::text);"))
    run(after, "delete from t where id = 9000")

    assert at_fault(before, after).counts == {"gone": 1}
    assert all(one.stretches is None for one in asked)


def test_side_that_has_become_empty_is_told(
    database16: Make, database18: Make, asked: list[Reading]
) -> None:
    found = at_fault(database16(KEYED + FILL), database18(KEYED))

    assert found.counts == {"gone": 20_000}
    assert asked


def test_stretches_are_cut_at_the_same_pages_though_one_side_is_longer(
    database16: Make, database18: Make, asked: list[Reading]
) -> None:
    before = database16(KEYED + FILL)
    after = database18(KEYED + FILL + FILL.replace("(1, 20000)", "(20001, 30000)"))

    found = at_fault(before, after)

    assert found.counts == {"new": 10_000}
    fewer, more = sorted(len(read.stretches or ()) for read in asked)
    # Of the shorter side no more than the last one, which is not full.
    assert fewer <= 1 < more < 30


def test_stretch_that_is_there_twice_matches_two() -> None:
    def stretch(first: int, mark: str) -> Stretch:
        return Stretch(first, first + 1, 1, mark)

    was = [stretch(0, "a"), stretch(1, "a"), stretch(2, "b")]
    now = [stretch(0, "b"), stretch(1, "a"), stretch(2, "c")]

    assert slices.differing(was, now) == ([was[1]], [now[2]])
