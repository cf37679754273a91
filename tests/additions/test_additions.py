"""Is what a migration made counted, told, and held against what was declared?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.additions import told
from gatepost.names import relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.session import Session
    from gatepost.told import Told

    Migrated = Callable[..., Session]

ENTRIES, SOURCE = "public.survivor_entries", "public.survivor_entries.data_source_type"
BY_DEFAULT = """
alter table survivor_entries add column data_source_type "DataSourceType" default 'MOCK'
"""
CONFIGURATIONS = """
create table api_configurations (id text primary key, provider text not null, enabled bool);
insert into api_configurations values ('espn', 'ESPN', true), ('mine', 'INTERNAL', false)
"""


def said(session: Session, table: str) -> Told:
    """Return what is said of a table."""
    return told.additions(session, relation(table))


def findings(session: Session, table: str) -> str:
    """Return what is wrong with a table."""
    return "\n".join(said(session, table).findings)


def test_default_that_filled_old_rows_is_shown_with_its_count(migrated: Migrated) -> None:
    """P13: fifty of fifty rows are MOCK, and none of them said so."""
    assert findings(migrated(BY_DEFAULT), ENTRIES) == (
        f"{SOURCE}: new, and its default filled all 50 rows (50 were there before) with MOCK;"
        " nobody declared it: MOCK in 50\n"
        f'  hint: if that is meant: [[additions]] column = "{SOURCE}",'
        ' distribution = { "MOCK" = 50 }'
    )


def test_declared_default_is_a_note(migrated: Migrated) -> None:
    declared = [{"column": SOURCE, "distribution": {"MOCK": 50}}]

    found = said(migrated(BY_DEFAULT, additions=declared), ENTRIES)

    assert found.findings == ()
    assert "its default filled all 50 rows" in found.notes[0]


def test_default_that_was_dropped_again_is_still_known(migrated: Migrated) -> None:
    migration = """alter table pools add column "buyIn" numeric(65, 30) not null default 0;
      alter table pools alter column "buyIn" drop default"""

    found = findings(migrated(migration), "public.pools")

    assert "its default filled all 3 rows (3 were there before) with 0; nobody" in found


def test_rows_that_were_written_since_are_told_apart_from_the_default(migrated: Migrated) -> None:
    migration = f"{BY_DEFAULT}; update survivor_entries set data_source_type = 'REAL' where id < 4"

    found = findings(migrated(migration), ENTRIES)

    assert "its default filled 47 of 50 rows (50 were there before) with MOCK" in found
    assert "MOCK in 47, REAL in 3\n" in found


def test_default_that_says_something_else_each_time_is_named(migrated: Migrated) -> None:
    migration = "alter table pools add column token uuid not null default gen_random_uuid()"

    found = findings(migrated(migration), "public.pools")

    assert "new, and filled by its default, gen_random_uuid(), before anybody used it" in found
    assert found.endswith('column = "public.pools.token", not_null = true')


def test_values_of_every_type_and_names_of_every_kind_are_told(migrated: Migrated) -> None:
    kinds = {
        "j json": """'{"a": [1.10]}'""",
        "p point": "'(1,2)'",
        "a int[]": "'{}'",
        "b bytea": r"'\xff'",
        "i interval": "'1 mon -1 days'",
        "t timestamptz": "'2025-09-05 00:20:00.5+02'",
        "y bool": "true",
        "f float4": "-1.5",
        "r int4range": "'[1,5)'",
        "c home": "'(Main Street,7)'",
        "d positive": "7",
        '"say ""%s{x}""" text': "'100 %{y} ''quoted'''",
        "l text": f"'{'x' * 300}'",
    }
    columns = ", ".join(f"add column {name} default {value}" for name, value in kinds.items())
    types = "create type home as (street text, number int);"
    domain = "create domain positive as int check (value > 0);"

    found = findings(migrated(f"{types}{domain} alter table pools {columns}"), "public.pools")

    assert found.count("its default filled all 3 rows") == len(kinds)
    assert "with 2025-09-04 22:20:00.5+00; nobody" in found
    assert """{ "100 %{y} 'quoted'" = 3 }""" in found
    assert r"""column = "public.pools.\"say \"\"%s{x}\"\"\"" """ in found.replace(",", " ")


def test_column_of_nothing_but_null_is_a_note(migrated: Migrated) -> None:
    found = said(migrated("alter table survivor_entries add column note text"), ENTRIES)

    assert found.findings == ()
    assert found.notes == (f"{ENTRIES}.note: new, and NULL in all of 50 rows",)


def test_computed_column_is_a_note(migrated: Migrated) -> None:
    migration = "alter table pools add column twice int generated always as (legacy * 2) stored"

    (note,) = said(migrated(migration), "public.pools").notes

    assert note == "public.pools.twice: new, and computed in 3 rows: (legacy * 2) stored"


def test_values_that_no_default_gave_are_counted_and_not_shown(migrated: Migrated) -> None:
    migration = """alter table pools add column "creatorId" text;
      update pools set "creatorId" = 'secret' where id <> 'p3'"""

    session = migrated(migration)
    found = findings(session, "public.pools")

    assert "creatorId: new, and filled before anybody used it; nobody declared it: #" in found
    assert "nulls = 1" in found
    assert "secret" not in f"{found}{said(session, 'public.pools')}"


def test_shown_column_is_told_by_its_values_and_a_masked_one_never(migrated: Migrated) -> None:
    migration = """alter table pools add column a text, add column b "DataSourceType";
      update pools set a = 'seen', b = 'REAL'"""
    rules = {"public.pools": {"show": ["a"], "mask": ["b"]}}

    found = findings(migrated(migration, tables=rules), "public.pools")

    assert "seen in 3" in found
    assert "REAL" not in found


def test_new_table_with_rows_is_a_finding_that_names_them(migrated: Migrated) -> None:
    table = "public.api_configurations"

    assert findings(migrated(CONFIGURATIONS), table) == (
        f"{table}: new, and nobody declared what it holds: 2 rows: id = (espn); id = (mine)\n"
        f'  hint: if that is meant: [[additions]] table = "{table}", rows = 2'
    )


def test_new_table_without_rows_is_a_note(migrated: Migrated) -> None:
    found = said(migrated("create table logs (id int primary key, x text)"), "public.logs")

    assert (found.findings, found.notes) == ((), ("public.logs: new, and empty",))


def test_new_table_must_hold_what_was_declared(migrated: Migrated) -> None:
    table = "public.api_configurations"
    declared = [
        {"table": table, "rows": 3},
        {"table": table, "query": "select id from api_configurations where not enabled"},
        {"column": f"{table}.provider", "allowed": ["ESPN", "MYSPORTSFEEDS"], "complete": True},
    ]

    found = findings(migrated(CONFIGURATIONS, additions=declared), table)

    assert f"{table}: holds 2 rows, and 3 were declared" in found
    assert f"{table}: its query yields 1 row, and should yield none: id = (mine)" in found
    assert f"{table}.provider: 1 of 2 rows hold none of ESPN, MYSPORTSFEEDS: #" in found
    assert "  at id = (mine)" in found
    assert f"{table}.provider: no row holds MYSPORTSFEEDS" in found


def test_declared_values_are_held_against_the_real_ones(migrated: Migrated) -> None:
    declared = [
        {"column": SOURCE, "distribution": {"MOCK": 40, "REAL": 10}},
        {"column": SOURCE, "query": "select id from survivor_entries where strikes = 2"},
    ]

    found = findings(migrated(BY_DEFAULT, additions=declared), ENTRIES)

    assert f"{SOURCE}: MOCK in 50 of 50 rows, and 40 were declared\n" in found
    assert (
        f"{SOURCE}: its query yields 17 rows, and should yield none: id = (11); id = (14)" in found
    )


def test_declared_column_that_is_not_there_is_a_finding(migrated: Migrated) -> None:
    declared = [{"column": SOURCE, "not_null": True}, {"table": "public.logs", "rows": 0}]
    session = migrated("select 1", additions=declared)

    assert findings(session, ENTRIES) == f"{SOURCE}: was declared, and is not there"
    assert findings(session, "public.logs") == "public.logs: was declared, and is not there after"
    planned = [str(ask.subject) for ask in session.plan.of("additions")]
    assert planned == ["public.logs", ENTRIES]
