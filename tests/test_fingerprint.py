"""Does a database's fingerprint change with what it holds or declares, and with nothing else?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import fingerprint
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

SHOP = """
create table users (id int primary key, name text);
insert into users values (1, 'Ann'), (2, 'Ben');
create sequence tickets;
select lo_from_bytea(4711, 'a picture');
"""


@pytest.mark.parametrize(
    "change",
    [
        "update users set name = 'Anne' where id = 1",
        "alter table users add check (id > 0)",
        "select lo_put(4711, 0, 'b')",
        "select lo_unlink(4711)",
    ],
)
def test_change_is_seen_and_taking_it_back_too(database16: Make, change: str) -> None:
    shop = database16(SHOP)
    held = fingerprint.of(shop)
    run(shop, change)
    assert fingerprint.of(shop) != held

    run(shop, "alter table users drop constraint if exists users_id_check; truncate users")
    run(shop, "insert into users values (2, 'Ben'), (1, 'Ann')")
    run(shop, "select lo_unlink(oid) from pg_largeobject_metadata")
    run(shop, "select lo_from_bytea(4711, 'a picture')")
    assert fingerprint.of(shop) == held


def test_sequence_that_a_crash_may_have_moved_is_no_change(database16: Make) -> None:
    shop = database16(SHOP)
    held = fingerprint.of(shop)
    run(shop, "select setval('tickets', 33)")
    assert fingerprint.of(shop) == held
