"""Is nothing asked of what a migration took away, and all of what it gave another name?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import objects
from gatepost.additions import gone
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.orphans import Orphans
    from gatepost.references import Reference
    from gatepost.session import Session

    Migrated = Callable[..., Session]

# Of the picks one points to no pool, and did so before.
LEAGUE = """
create table pools (id serial primary key, picks int);
create table picks (id int primary key, pool int references pools, note text);
insert into pools (picks) values (2);
insert into picks values (1, 1), (2, 1);
alter table picks disable trigger all;
insert into picks values (3, 99);
alter table picks enable trigger all;
"""
POINTS = "public.picks.pool -> public.pools.id"
RENAME = "alter table picks rename to choices; alter table choices rename pool to contest"
RENAMED = [
    {"table": "public.picks", "to": "choices"},
    {"column": "public.picks.pool", "to": "contest"},
]
COUNTER = {"column": "public.pools.picks", "equals": "select pool, count(*) from picks group by 1"}


def subjects(session: Session, question: str) -> list[str]:
    """Return what is asked."""
    return [ask.planned.check.subject for ask in session.plan.of(question)]


def reasons(session: Session, question: str) -> list[str]:
    """Return why something is not asked."""
    return [one.reason for one in session.plan.not_planned if one.question == question]


def inherited(session: Session) -> list[Orphans | None]:
    """Return the orphans of both sides of the one reference."""
    (ask,) = session.plan.of("orphans")
    now: Reference = ask.subject  # type: ignore[assignment]  # the plan's kind for orphans
    before, after = session.before, session.after
    was = gone.earlier(session.settings, before.catalog, after.catalog, now)
    return [before.orphans(was, "hash64"), after.orphans(now, "hash64")]


def test_dropped_end_of_a_reference_is_not_looked_for(migrated: Migrated) -> None:
    session = migrated("alter table picks drop column pool", origin=LEAGUE)

    assert subjects(session, "orphans") == []
    assert reasons(session, "orphans") == [
        f"{POINTS}: public.picks.pool is gone: `rows` and `schema` tell whether that was declared"
    ]


def test_sequence_that_went_with_its_table_is_not_looked_for(migrated: Migrated) -> None:
    drop = "drop table pools cascade"

    session = migrated(drop, origin=LEAGUE)
    assert subjects(session, "sequences") == []
    assert reasons(session, "sequences") == [
        "public.pools_id_seq is gone: `schema` tells whether that was declared"
    ]

    session = migrated(drop, origin=LEAGUE, schema={"leave_out": ["public.pools_id_seq"]})
    assert subjects(session, "sequences") == ["public.pools_id_seq"]


def test_counter_that_is_gone_is_not_counted(migrated: Migrated) -> None:
    session = migrated("alter table pools drop picks", origin=LEAGUE, counters=[COUNTER])

    assert subjects(session, "counters") == []
    assert reasons(session, "counters")[0].startswith("public.pools.picks is gone: `rows`")


def test_columns_of_a_table_that_was_to_go_are_not_compared(migrated: Migrated) -> None:
    declared = [{"table": "public.picks", "because": "nobody reads them"}]

    session = migrated("drop table picks", origin=LEAGUE, dropped=declared)

    assert subjects(session, "columns") == ["public.pools"]
    assert reasons(session, "columns") == ["public.picks is gone, as declared: nobody reads them"]


def test_between_two_databases_what_is_gone_is_looked_for(database16: Callable[..., Dsn]) -> None:
    sides = database16(LEAGUE), database16(f"{LEAGUE} drop table pools cascade")

    with opened(*sides) as session:
        assert subjects(session, "orphans") == [POINTS]
        assert subjects(session, "sequences") == ["public.pools_id_seq"]


def test_orphans_of_what_was_renamed_are_told_to_be_inherited(migrated: Migrated) -> None:
    session = migrated(RENAME, origin=LEAGUE, renamed=RENAMED)

    assert subjects(session, "orphans") == ["public.choices.contest -> public.pools.id"]
    was, now = inherited(session)
    assert was is not None
    assert was.rows == 1
    assert was == now


@pytest.mark.long
def test_reference_that_is_declared_by_its_old_name_is_asked_by_the_new(migrated: Migrated) -> None:
    origin = f"{LEAGUE} alter table picks drop constraint picks_pool_fkey;"
    pointing = [{"child": "public.picks.pool", "parent": "public.pools.id"}]

    session = migrated(RENAME, origin=origin, renamed=RENAMED, references=pointing)

    was, now = inherited(session)
    assert was is not None
    assert was == now


def test_constraint_that_a_migration_makes_not_valid_is_a_note(migrated: Migrated) -> None:
    make = "alter table picks add constraint short check (length(note) < 9) not valid"
    session = migrated(make, origin=LEAGUE)
    before, after = session.before.objects, session.after.objects

    found = objects.compare("constraints", before, after, migrated=True)
    assert not found.findings
    assert found.notes == ("public.picks: constraint short: not validated after, not there before",)
    assert objects.compare("constraints", before, after).findings
