"""Is a hash trusted only where both servers compute it alike, and is the fallback as good?"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.errors import NotReadable
from gatepost.names import relation
from gatepost.parity import hashes, tables
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

SHOP = """
create table goods (id int primary key, name text, price numeric, at timestamptz, big bigint);
insert into goods select g, 'é ' || g, g / 10.0, timestamptz '2024-05-01' + g * interval '1 s', -g
from generate_series(1, 500) as g;
"""


def _another(
    honest: hashes.Answering, methods: tuple[hashes.Hash, ...], wanted: str
) -> hashes.Answering:
    """Return a server's answers, of which that for one value is another's: a server to come."""

    def answers(method: hashes.Hash) -> dict[str, int]:
        found = dict(honest(method))
        if method in methods:
            (name,) = [name for name in found if wanted in name][:1]
            found[name] += 1
        return found

    return answers


def test_one_other_answer_is_enough_for_sha256(database18: Make) -> None:
    with contextlib.closing(database.read_only(database18())) as conn:
        honest = partial(hashes.answers, conn)
        agreed = hashes.agree(honest, _another(honest, ("hash64",), "uuid"))

    assert agreed.hash == "sha256"
    assert "uuid" in agreed.because
    assert "uuid" in hashes.certainty(agreed.hash, agreed.because, 10)


def test_servers_that_spell_a_value_in_two_ways_are_not_compared(database18: Make) -> None:
    with contextlib.closing(database.read_only(database18())) as conn:
        honest = partial(hashes.answers, conn)
        with pytest.raises(NotReadable, match="spell one value in two ways: interval"):
            hashes.agree(honest, _another(honest, ("hash64", "sha256"), "interval"))


def test_gate_under_sha256_finds_the_same(
    database16: Make, database18: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    fallback = hashes.Agreement("sha256", "the servers' hashes differ for uuid")
    found = []
    for agreed in (hashes.Agreement("hash64"), fallback):
        monkeypatch.setattr(hashes, "agree", lambda *_, one=agreed: one)
        with opened(before, after) as session:
            assert tables.compare(session, relation("public.goods")).alike
        run(after, "update goods set big = 7 where id = 9; delete from goods where id = 3")
        with opened(before, after) as session:
            compared = tables.compare(session, relation("public.goods"))
            found.append((compared.finding, [str(one) for one in compared.damage]))
            said = "".join(session.remarks())
        run(after, "delete from goods; " + SHOP.split(";", 1)[1])

    assert found[0] == found[1]
    assert "id = (3): gone" in found[0][0]
    assert "sha256, cut to 64 bits (the servers' hashes differ for uuid)" in said


@pytest.mark.parametrize(("columns", "power"), [(1, 19), (10, 18), (218, 16), (1_000_000, 13)])
def test_chance_is_told_by_the_number_of_columns(columns: int, power: int) -> None:
    assert f"1 in 10^{power}" in hashes.certainty("hash64", "", columns)
