"""Are old columns proved to be what they were, whatever type a migration gave them?"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from gatepost.names import relation
from gatepost.parity import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.session import Session

    Migrated = Callable[..., Session]

# By name: the old type, the new one, how it is made of the old where no cast does it, and values.
WIDER = {
    "numbers": ("int", "bigint", "", ("0", "-7", "2147483647")),
    "exact": ("int", "numeric(12, 2)", "", ("0", "-7")),
    "whole": ("numeric(12, 2)", "bigint", "", ("0", "-7.00")),
    "scaled": ("numeric(10, 2)", "numeric(65, 30)", "", ("1.10", "0")),
    "floats": ("real", "double precision", "", ("0.1", "-3.4e38", "NaN")),
    "texts": ("varchar(9)", "text", "", ("", "a ", "Größe")),
    "padded": ("char(4)", "text", "", ("ab", "")),
    "labels": ("text", "mood", "{c}::mood", ("happy", "sad")),
    "named": ("mood", "text", "", ("happy",)),
    "written": ("int", "text", "", ("7", "-1")),
    "read": ("text", "uuid", "{c}::uuid", ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",)),
    "documents": ("json", "jsonb", "", ('{"b": 1, "a": [1.10]}', "null")),
    "zoned": ("timestamp(3)", "timestamptz", "", ("2025-09-05 00:20:00.123", "infinity")),
    "days": ("date", "timestamp(3)", "", ("2025-09-05", "-infinity")),
    "zoned_days": ("date", "timestamptz", "", ("2025-09-05",)),
    "lists": ("int[]", "bigint[]", "", ("{1,NULL}", "{}")),
}
# What a type has no room for is lost, and seen.
NARROWER = {
    "cut": ("text", "varchar(2)", "", "abc"),
    "rounded": ("numeric(10, 2)", "int", "", "1.50"),
    "single": ("double precision", "real", "", "0.1"),
    "daily": ("timestamp(3)", "date", "", "2025-09-05 00:20"),
    "seconds": ("timestamp(3)", "timestamp(0)", "", "2025-09-05 00:20:00.123"),
    "truth": ("int", "boolean", "{c} > 0", "7"),
}


def changed(name: str, to: str, using: str) -> str:
    """Return the statement that gives a column another type."""
    made = f"using {using.format(c=name)}" if using else ""
    return f"alter table t alter column {name} type {to} {made};"


def test_every_wider_type_leaves_the_same_digest(migrated: Migrated) -> None:
    names = ", ".join(f"{name} {was}" for name, (was, *_) in WIDER.items())
    rows = itertools.zip_longest(*(values for *_, values in WIDER.values()))
    origin = (
        f"create type mood as enum ('sad', 'happy');create table t (id int primary key, {names});"
    )
    for at, row in enumerate(rows):
        told = ", ".join("null" if value is None else f"'{value}'" for value in row)
        origin += f"insert into t values ({at}, {told});"
    statements = [changed(name, to, using) for name, (_, to, using, _) in WIDER.items()]

    session = migrated(" ".join(["set timezone to 'UTC';", *statements]), origin=origin)
    compared = tables.compare(session, relation("public.t"))

    assert compared.alike, (compared.finding, compared.damage)
    assert "compared by what two types have in common: numbers (integer before, bigint after)" in (
        " ".join(compared.notes)
    )


def test_one_value_among_them_that_changed_is_found(migrated: Migrated) -> None:
    origin = "create table t (id int primary key, n int, d date); insert into t values (1, 7, null)"
    migration = f"; {changed('n', 'numeric(5, 1)', '')} update t set n = 7.1"

    compared = tables.compare(migrated(migration, origin=origin), relation("public.t"))

    assert not compared.alike
    assert [one.column for one in compared.damage] == ["n"]


def test_what_a_type_has_no_room_for_is_found_in_every_column(migrated: Migrated) -> None:
    names = ", ".join(f"{name} {was}" for name, (was, *_) in NARROWER.items())
    values = ", ".join(f"'{value}'" for *_, value in NARROWER.values())
    origin = f"create table t (id int primary key, {names}); insert into t values (1, {values});"
    statements = [
        changed(name, to, using or f"{{c}}::{to}") for name, (_, to, using, _) in NARROWER.items()
    ]

    compared = tables.compare(migrated(" ".join(statements), origin=origin), relation("public.t"))

    assert {one.column for one in compared.damage} == NARROWER.keys()
