"""Is a sequence that would hand out a taken value found, and one that is ahead left alone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import names, sequences
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

COUNTED = """
create table t (id serial primary key); insert into t select from generate_series(1, 10);
create table u (id int generated always as identity (increment by -2 start with -2));
insert into u default values; insert into u default values;
create sequence "Free one";
create table v (id int default nextval('"Free one"')); insert into v default values;
"""


def said(before: Dsn, after: Dsn) -> list[str]:
    """Return the findings about every sequence."""
    found: list[str] = []
    with opened(before, after) as session:
        for ask in session.plan.of("sequences"):
            name = str(ask.subject)
            declared = session.after.catalog.sequence(names.relation(name))
            assert declared is not None
            reached = session.after.reach(declared)
            assert reached == sequences.reach(
                session.after.connection, declared, session.after.catalog
            )
            was = session.before.positions.get(name)
            found += sequences.findings(declared, was, session.after.positions[name], reached)
    return found


def test_equal_sequences_are_free(database16: Make, database18: Make) -> None:
    assert said(database16(COUNTED), database18(COUNTED)) == []


def test_sequence_that_is_ahead_is_no_finding(database16: Make, database18: Make) -> None:
    after = database18(COUNTED)
    run(after, "select setval('t_id_seq', 500)")

    assert said(database16(COUNTED), after) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "select setval('t_id_seq', 4)",
            "public.t_id_seq: the next value is 5, and public.t.id goes to 10",
        ),
        ("alter sequence t_id_seq restart", "public.t_id_seq: the next value is 1, and"),
        (
            "alter sequence u_id_seq restart",
            "public.u_id_seq: the next value is -2, and public.u.id goes to -4",
        ),
        (
            """alter sequence "Free one" restart; delete from v""",
            'public."Free one": at 1 before, never used after',
        ),
        ("alter sequence t_id_seq maxvalue 10", "public.t_id_seq: exhausted, the next value 11"),
    ],
)
def test_sequence_that_is_behind_is_named(
    database16: Make, database18: Make, change: str, expected: str
) -> None:
    after = database18(COUNTED)
    run(after, change)
    found = said(database16(COUNTED), after)

    assert len(found) == 1
    assert found[0].startswith(expected)
