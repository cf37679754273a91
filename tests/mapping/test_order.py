"""Is every parent filled before its children?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.errors import UsageError
from gatepost.mapping.order import by_foreign_keys
from gatepost.names import Relation
from gatepost.schema import catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

CIRCLE = """
create table a (id int primary key, b int);
create table b (id int primary key, c int);
create table c (id int primary key, a int references a);
alter table b add foreign key (c) references c;
"""


def order(dsn: Dsn, *left_out: str) -> list[str]:
    """Return the order in which all tables but some are filled."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        found = catalog.read(conn)
    wanted = [one.relation for one in found.tables if one.relation.name not in left_out]
    return [one.name for one in by_foreign_keys(found, wanted)]


def test_parents_come_first_and_the_rest_by_name(database16: Make) -> None:
    dsn = database16("""
      create table z (id int primary key, z int references z);
      create table b (id int primary key);
      create table a (b int references b, z int references z);
      create table c ();
    """)

    assert order(dsn) == ["b", "c", "z", "a"]
    assert order(dsn, "z") == ["b", "c", "a"]


def test_circle_is_refused_by_its_keys(database16: Make) -> None:
    dsn = database16(CIRCLE + "alter table a add foreign key (b) references b")

    with pytest.raises(UsageError) as refused:
        order(dsn)
    assert all(
        one in str(refused.value)
        for one in ("public.a.b -> public.b", "public.b.c -> public.c", "public.c.a -> public.a")
    )


def test_key_that_can_be_deferred_closes_no_circle(database16: Make) -> None:
    dsn = database16(CIRCLE + "alter table a add foreign key (b) references b deferrable")

    assert order(dsn) == ["a", "c", "b"]


def test_tables_may_be_named_that_nobody_knows() -> None:
    nothing = catalog.Catalog((), (), (), ())

    assert by_foreign_keys(nothing, [Relation("s", "b"), Relation("s", "a")]) == (
        Relation("s", "a"),
        Relation("s", "b"),
    )
