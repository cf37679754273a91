"""When two tables differ, are the rows and the damage named, and the traps left alone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import settings
from gatepost.names import relation
from gatepost.parity import tables
from gatepost.parity.rows import AtFault
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

SHOP = """
create table goods (
    id int primary key, name text, note text, price numeric(10, 2), sold timestamp(3), kind text
);
insert into goods
select g, 'name ' || g || ' é', case when g % 3 = 0 then null else 'line' || chr(10) || g end,
       case when g % 2 = 0 then null else g end, timestamp '2024-05-01' + g * interval '1 hour',
       case when g % 10 = 0 then 'video' else 'image' end
from generate_series(1, 3000) as g;
"""


def compared(
    before: Dsn, after: Dsn, name: str = "public.goods", project: settings.Project | None = None
) -> tuple[bool, str, str, tuple[str, ...]]:
    """Return whether the table is alike, the finding of rows, that of columns, and the notes."""
    with opened(before, after, project) as session:
        found = tables.compare(session, relation(name))
        return found.alike, found.finding, "\n".join(map(str, found.damage)), found.notes


def test_equal_tables_are_alike(database16: Make, database18: Make) -> None:
    assert compared(database16(SHOP), database18(SHOP)) == (True, "", "", ())


@pytest.mark.parametrize(
    ("change", "row", "damage"),
    [
        ("delete from goods where id = 77", "id = (77): gone", ""),
        ("insert into goods (id) values (5000)", "id = (5000): new", ""),
        (
            "update goods set name = 'x', price = 1 where id = 42",
            "id = (42): changed in name, price",
            "price: NULL became a value in 1 row",
        ),
        (
            "update goods set price = 0 where price is null",
            "1500 changed",
            "price: NULL became 0 in 1,500 rows",
        ),
        (
            "update goods set note = '' where note is null",
            "1000 changed",
            "note: NULL became '' in 1,000 rows",
        ),
        ("update goods set note = null where id = 1", "id = (1)", "note: 1 value became NULL"),
        ("update goods set sold = sold + interval '3 hours'", "3000 changed", "moved by +3:00:00"),
        ("update goods set sold = sold - interval '90 min'", "3000 changed", "moved by -1:30:00"),
        ("update goods set sold = 'epoch' where id = 9", "id = (9)", "1 value became 1970-01-01"),
        ("update goods set name = left(name, 6)", "changed in name", "name: cut at 6 characters"),
        (
            "update goods set name = convert_from(convert_to(name, 'UTF8'), 'LATIN1')",
            "3000 changed",
            "3,000 values more are mojibake",
        ),
        (
            "update goods set name = replace(name, 'é', U&'\\FFFD') where id < 6",
            "5 changed",
            "5 values more hold U+FFFD",
        ),
        (
            r"update goods set note = replace(note, chr(10), '\n')",
            "2000 changed",
            "2,000 values more hold a backslash and a letter",
        ),
        ("update goods set kind = 'image'", "300 changed", "kind: distribution changed"),
        ("update goods set name = upper(name) where id = 3", "id = (3)", "name: "),
        (
            "update goods g set name = h.name from goods h where g.id < 3 and h.id = 3 - g.id",
            "id = (1): changed in name",
            "name: values changed, or changed places",
        ),
    ],
)
def test_change_is_named(
    database16: Make, database18: Make, change: str, row: str, damage: str
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, change)
    alike, finding, damaged, _ = compared(before, after)

    assert not alike
    assert row in finding.replace(",", "") or row in finding
    assert damage in damaged
    assert bool(damage) == bool(damaged)


def test_rows_at_fault_are_exactly_the_changed_ones(database16: Make, database18: Make) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(
        after,
        "delete from goods where id in (5, 1999); update goods set kind = 'x' where id in (8, 9);"
        "insert into goods (id) values (9000)",
    )
    with opened(before, after) as session:
        found = tables.compare(session, relation("public.goods")).at_fault

    assert isinstance(found, AtFault)
    assert [str(row) for row in found.rows] == [
        "id = (1999): gone",
        "id = (5): gone",
        "id = (9000): new",
        "id = (8): changed in kind",
        "id = (9): changed in kind",
    ]
    assert found.complete
    assert found.counts == {"gone": 2, "new": 1, "changed": 2}


def test_masked_key_is_not_shown(database16: Make, database18: Make) -> None:
    script = (
        "create table people (email text primary key); insert into people values ('a@b.example')"
    )
    rule = settings.TableRule(mask=("email",))
    project = settings.Project(tables={"public.people": rule})
    after = database18(script)
    run(after, "delete from people")
    _, finding, _, _ = compared(database16(script), after, "public.people", project)

    assert "a@b.example" not in finding
    assert "email = (#" in finding


def test_row_without_a_key_is_told_by_its_number(database16: Make, database18: Make) -> None:
    script = "create table log (a int, b text); insert into log values (1, 'x'), (1, 'x'), (2, 'y')"
    after = database18(script)
    run(after, "insert into log values (1, 'x'); delete from log where a = 2")
    _, finding, _, _ = compared(database16(script), after, "public.log")

    assert "2 times before, 3 after" in finding
    assert ": gone" in finding


def test_scale_of_a_bare_numeric_is_a_note(database16: Make, database18: Make) -> None:
    script = "create table m (id int primary key, n numeric); insert into m values (1, 1.330)"
    after = database18(script)
    run(after, "update m set n = 1.330000")
    alike, finding, damage, notes = compared(database16(script), after, "public.m")

    assert (alike, finding, damage) == (True, "", "")
    assert "equal in value" in notes[0]


def test_timestamp_beside_timestamptz_is_no_finding_per_row(
    database16: Make, database18: Make
) -> None:
    script = (
        "create table e (id int primary key, at {});"
        "insert into e values (1, '2024-05-01 12:00:00.123')"
    )
    before, after = (
        database16(script.format("timestamp(3)")),
        database18(script.format("timestamptz")),
    )

    assert compared(before, after, "public.e")[0]


def test_widened_types_are_no_finding_per_row_but_a_note(
    database16: Make, database18: Make
) -> None:
    script = "create table w (id {} primary key, s {}); insert into w values (7, 'ab')"
    before, after = (
        database16(script.format("int", "char(4)")),
        database18(script.format("bigint", "text")),
    )
    alike, _, _, notes = compared(before, after, "public.w")

    assert alike
    (note,) = notes
    assert note == (
        "public.w: compared by what two types have in common:"
        " id (integer before, bigint after), s (character(4) before, text after)"
    )


def test_table_on_one_side_is_said_to_be_missing(database16: Make, database18: Make) -> None:
    assert compared(database16(SHOP), database18())[1] == (
        "public.goods: missing after, its rows with it"
    )


@pytest.mark.parametrize("name", ["Größe", "a.b", 'say "x"', "select", "x%s{y}"])
def test_odd_names_are_read(database16: Make, database18: Make, name: str) -> None:
    quoted = name.replace('"', '""')
    script = (
        f'create table "{quoted}" ("{quoted}" text primary key, "%s{{c}}" int);'
        f"insert into \"{quoted}\" values ('k', 1)"
    )
    before, after = database16(script), database18(script)
    dotted = f'public."{quoted}"'

    assert compared(before, after, dotted)[0]
    run(after, f'update "{quoted}" set "%s{{c}}" = 2')
    assert "changed in %s{c}" in compared(before, after, dotted)[1]
