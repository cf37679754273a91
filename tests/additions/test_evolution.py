"""Is what a migration dropped, renamed or made beside the old rows never left uncompared?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.names import relation
from gatepost.parity import tables
from tests.additions.conftest import POOLS
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.parity.tables import Comparison
    from gatepost.session import Session

    Migrated = Callable[..., Session]

POOL = "public.pools"
WHY = "nobody has read it since 2024"
RENAME = "alter table pools rename column name to title;"
RENAME_BOTH = f"{RENAME} alter table pools rename to contests; create table pools (id int)"


def compared(session: Session, table: str = POOL) -> Comparison:
    """Return the comparison of a table."""
    return tables.compare(session, relation(table))


def planned(session: Session, question: str = "rows") -> list[str]:
    """Return the subjects of a question."""
    return [ask.planned.check.subject for ask in session.plan.of(question)]


def test_old_rows_are_under_digest_whatever_is_made_beside_them(migrated: Migrated) -> None:
    session = migrated(
        "create table logs (id int primary key); insert into logs values (1);"
        "alter table pools add column url text; update pools set url = 'x', name = 'zwei'"
        " where id = 'p2'"
    )

    assert planned(session) == [POOL, "public.survivor_entries"]
    assert planned(session, "additions") == ["public.logs", POOL]
    left_out = [one.reason for one in session.plan.not_planned if one.question == "rows"]
    assert left_out == ["public.logs is new: what it holds, the check `additions` reads"]
    assert not compared(session).alike
    assert [one.column for one in compared(session).damage] == ["name"]


def test_dropped_column_is_a_finding_until_it_is_declared(migrated: Migrated) -> None:
    drop = "alter table pools drop column legacy"

    found = compared(migrated(drop))
    assert not found.alike
    assert found.finding.startswith(f"{POOL}: gone after, and what it held with it: legacy\n  hint")

    declared = [{"column": f"{POOL}.legacy", "because": WHY}]
    found = compared(migrated(drop, dropped=declared))
    assert found.alike
    assert found.notes == (f"{POOL}.legacy: dropped with what it held, as declared: {WHY}",)


def test_dropped_table_is_a_finding_until_it_is_declared(migrated: Migrated) -> None:
    drop = "drop table pools"

    found = compared(migrated(drop))
    assert found.finding.startswith(f"{POOL}: missing after, its rows with it\n  hint: [[dropped]]")

    session = migrated(drop, dropped=[{"table": POOL, "because": WHY}])
    assert POOL in planned(session)
    assert compared(session).alike
    assert compared(session).notes == (f"{POOL}: dropped with what it held, as declared: {WHY}",)


@pytest.mark.long
def test_what_is_declared_dropped_and_is_still_there_is_compared(migrated: Migrated) -> None:
    declared = [{"table": POOL, "because": WHY}, {"column": f"{POOL}.name", "because": WHY}]

    session = migrated("update pools set name = 'zwei' where id = 'p2'", dropped=declared)

    assert not compared(session).alike


def test_column_that_goes_as_its_table_is_renamed_is_declared_by_either_name(
    migrated: Migrated,
) -> None:
    move = "alter table pools drop column legacy; alter table pools rename to contests"
    renamed = [{"table": POOL, "to": "contests"}]

    for table in (POOL, "public.contests"):
        dropped = [{"column": f"{table}.legacy", "because": WHY}]
        session = migrated(move, renamed=renamed, dropped=dropped)
        assert compared(session, "public.contests").alike


def test_what_is_masked_stays_so_by_its_new_name(migrated: Migrated) -> None:
    move = "alter table pools rename to contests; alter table contests rename column id to code;"
    renamed = [{"table": POOL, "to": "contests"}, {"column": f"{POOL}.id", "to": "code"}]

    session = migrated(
        f"{move} delete from contests where code = 'p2'",
        renamed=renamed,
        tables={POOL: {"mask": ["id"]}},
    )

    finding = compared(session, "public.contests").finding
    assert "3 rows before, 2 after" in finding
    assert "p2" not in finding
    assert session.settings.masked("public.survivor_entries") == frozenset()


def test_renamed_column_is_compared_under_its_new_name(migrated: Migrated) -> None:
    declared = [{"column": f"{POOL}.name", "to": "title"}]

    session = migrated(RENAME, renamed=declared)
    assert compared(session).alike
    assert planned(session, "additions") == []
    assert "by its names before, as declared" in compared(session).notes[0]

    session = migrated(f"{RENAME} update pools set title = 'x' where id = 'p2'", renamed=declared)
    assert "public.pools: 3 rows on both sides, not the same" in compared(session).finding
    assert [one.column for one in compared(session).damage] == ["title"]


@pytest.mark.long
def test_renamed_column_that_nobody_declared_is_gone_and_new(migrated: Migrated) -> None:
    session = migrated(RENAME)

    assert "gone after, and what it held with it: name" in compared(session).finding
    assert planned(session, "additions") == [POOL]


def test_renamed_table_is_compared_under_its_new_name(migrated: Migrated) -> None:
    declared = [{"table": POOL, "to": "contests"}, {"column": f"{POOL}.name", "to": "title"}]
    rename = f"{RENAME} alter table pools rename to contests;"

    session = migrated(rename, renamed=declared)
    assert planned(session) == ["public.contests", "public.survivor_entries"]
    assert planned(session, "additions") == []
    assert compared(session, "public.contests").alike

    session = migrated(f"{rename} delete from contests where id = 'p3'", renamed=declared)
    found = compared(session, "public.contests").finding
    assert found == "public.contests: 3 rows before, 2 after; 1 gone\n  id = (p3): gone"


@pytest.mark.long
def test_table_that_took_the_name_of_a_renamed_one_is_not_taken_for_it(migrated: Migrated) -> None:
    declared = [{"table": POOL, "to": "contests"}]

    session = migrated(RENAME_BOTH, renamed=declared)

    assert not compared(session).alike


def test_query_that_stands_for_a_table_need_not_yield_what_is_new(
    migrated: Migrated, tmp_path: Path
) -> None:
    (tmp_path / "pools.sql").write_text("select id, name, kickoff from pools", encoding="utf-8")
    rules = {POOL: {"from": "pools.sql"}}

    session = migrated("alter table pools add column url text", folder=tmp_path, tables=rules)

    said = f"{POOL}: not verified: pools.sql does not yield legacy"
    assert compared(session).finding == said
    assert planned(session, "additions") == [POOL]


def test_copy_of_another_database_may_have_nothing_new(database16: Callable[..., Dsn]) -> None:
    after = database16(f"{POOLS} create table logs (id int); alter table pools drop column legacy")
    with opened(database16(POOLS), after) as session:
        assert "public.logs" in planned(session)
        assert "only after" in compared(session, "public.logs").finding
        assert compared(session).alike  # that it has a column less, `schema` says
        (why,) = (one for one in session.plan.not_planned if one.question == "additions")
        assert "the target is no migrated copy of the source" in why.reason


def test_ledger_that_the_migrations_write_is_for_another_check(migrated: Migrated) -> None:
    ledger = """create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64),
      finished_at timestamptz, migration_name varchar(255), logs text, rolled_back_at timestamptz,
      started_at timestamptz, applied_steps_count int);"""

    session = migrated(
        "insert into _prisma_migrations values ('1', 'x', now(), 'new')", origin=POOLS + ledger
    )
    assert "public._prisma_migrations" not in planned(session)
    assert planned(session, "ledger") == ["public._prisma_migrations"]

    session = migrated(ledger)
    assert planned(session, "additions") == []
    assert planned(session, "ledger") == ["public._prisma_migrations"]


def test_nothing_new_is_not_applicable(migrated: Migrated) -> None:
    session = migrated("create index on pools (name)")

    (ask,) = (one for one in session.plan.asks if one.planned.check.question == "additions")
    assert ask.planned.not_applicable == "nothing is new after: no table, no column"


def test_declaration_that_names_nothing_is_refused(migrated: Migrated) -> None:
    with pytest.raises(UsageError, match=r"\[\[dropped\]\]: 'pools' names no table"):
        migrated("drop table pools", dropped=[{"table": "pools", "because": WHY}])
