"""Is each thing that a migration demands counted on the rows, and the culprits named?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.additions.declared import Renamed
from gatepost.settings import TableRule
from tests.violations.conftest import asking, filled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gatepost.embedded import Server
    from tests.violations.conftest import Asked

# By what is demanded: a file, the subject, and what is said first.
BROKEN = {
    "unique constraint": (
        "alter table pools add constraint pools_name_key unique (name);",
        "unique public.pools (name)",
        "public.pools (name): 2 rows share 1 value: id = (p1) and id = (p2); 1, line 1 will fail",
    ),
    "unique index": (
        "select 1;\ncreate unique index concurrently on pools (name);",
        "unique public.pools (name)",
        "2 rows share 1 value: id = (p1) and id = (p2); 1, line 2 will fail",
    ),
    "NULLs that are one": (
        "create unique index on pools (name) nulls not distinct",
        "unique public.pools (name)",
        "4 rows share 2 values: id = (p1) and id = (p2); id = (p3) and id = (p4)",
    ),
    "expression": (
        "create unique index on pools ((season / 2))",
        "unique public.pools (season / 2)",
        "2 rows share 1 value: id = (p2) and id = (p3)",
    ),
    "predicate": (
        "create unique index on pools (kind) where season is null or season = 1",
        "unique public.pools (kind where season IS NULL OR season = 1)",
        "2 rows share 1 value: id = (p1) and id = (p4)",
    ),
    "several columns, no key": (
        "alter table bets add unique (game, line) deferrable initially deferred",
        "unique public.bets (game, line)",
        "2 rows share 1 key: ctid = ((0,1)) and ctid = ((0,2))",
    ),
    "primary key": (
        "alter table bets add primary key (line)",
        "not null public.bets (line)",
        "public.bets.line: NULL in 1 of 5 rows: ctid = ((0,5))",
    ),
    "not null": (
        "alter table pools alter column name set not null",
        "not null public.pools (name)",
        "public.pools.name: NULL in 2 of 4 rows: id = (p3); id = (p4)",
    ),
    "new column, not null, no default": (
        "alter table pools add column active boolean not null",
        "not null public.pools (active)",
        "public.pools.active: NULL in 4 of 4 rows",
    ),
    "new column, its default twice": (
        "alter table pools add column place int default 3 unique",
        "unique public.pools (place)",
        "4 rows share 1 value",
    ),
    "new column, its default against its check": (
        "alter table pools add column place int default 0 check (place > 0)",
        "check public.pools (place > 0)",
        "public.pools: 4 of 4 rows against place > 0",
    ),
    "check": (
        "alter table pools add constraint later check (season > 1)",
        "check public.pools (later)",
        "public.pools: 1 of 4 rows against later: id = (p1); 1, line 1 will fail",
    ),
    "foreign key": (
        "alter table pools add constraint f foreign key (team) references teams on delete cascade",
        "foreign key public.pools (team -> public.teams)",
        "public.pools (team): 1 of 4 rows points to no public.teams (id): id = (p2)",
    ),
    "foreign key, match full": (
        (
            "alter table teams add unique (id, abbr);"
            " alter table pools add foreign key (team, name) references teams (id, abbr) match full"
        ),
        "foreign key public.pools (team, name -> public.teams)",
        "3 of 4 rows point to no public.teams (id, abbr): id = (p1); id = (p2); id = (p4)",
    ),
    "foreign key to a table without rows": (
        (
            "create table seasons (year int primary key);"
            " alter table pools add foreign key (season) references seasons"
        ),
        "foreign key public.pools (season -> public.seasons)",
        "3 of 4 rows point to no public.seasons (year)",
    ),
    "ends of two types": (
        "alter table pools add foreign key (season) references teams (id)",
        "foreign key public.pools (season -> public.teams)",
        "public.pools.season is integer, public.teams.id text, which nothing compares",
    ),
    "foreign key to a table without a key": (
        "alter table bets add column stay int references stays",
        "foreign key public.bets (stay -> public.stays)",
        "public.bets: no primary key of public.stays; 1, line 1 will fail",
    ),
    "exclusion": (
        "alter table stays add exclude using gist (room with =, span with &&)",
        "exclusion public.stays (room with =, span with &&)",
        "2 rows exclude each other by room with =, span with &&: ctid = ((0,1)); ctid = ((0,2))",
    ),
    "in a schema that is called otherwise": (
        "alter schema app rename to apart; alter table apart.alone add unique (name)",
        "unique apart.alone (name)",
        "apart.alone (name): 2 rows share 1 value: id = (1) and id = (2)",
    ),
    "shorter": (
        "alter table pools alter said type varchar(3)",
        "type public.pools (said)",
        "public.pools.said: too long for varchar(3) in 1 of 4 rows: id = (p2)",
    ),
    "shorter, with USING": (
        "alter table pools alter said type varchar(3) using lower(said)",
        "type public.pools (said)",
        "public.pools.said: too long for varchar(3) in 1 of 4 rows: id = (p2)",
    ),
    "smaller": (
        "alter table pools alter number type int",
        "type public.pools (number)",
        "public.pools.number: too large for integer in 1 of 4 rows: id = (p2)",
    ),
    "another type": (
        "alter table pools alter counted type int using counted::int",
        "type public.pools (counted)",
        '1 row cannot become integer: invalid input syntax for type integer: "…": id = (p2)',
    ),
    "another type, of partitions": (
        "alter table years alter name type int using name::int",
        "type public.years (name)",
        "public.years.name: 2 rows cannot become integer",
    ),
    "enum without a label that is used": (
        (
            "create type \"kind_new\" as enum ('ATS', 'SU');\n"
            'alter table pools alter kind type "kind_new" using (kind::text::"kind_new");\n'
            "alter type kind rename to kind_old;\nalter type kind_new rename to kind;\n"
            "drop type kind_old;"
        ),
        "type public.pools (kind)",
        "public.pools.kind: no value of the new kind_new in 1 of 4 rows: id = (p3); 1, line 2",
    ),
    "domain": (
        "alter domain code add constraint not_b check (value <> 'b')",
        "check public.pools (code: not_b)",
        "1 of 4 rows against code: not_b: id = (p2)",
    ),
    "domain that is not null": (
        "alter domain code set not null",
        "not null public.pools (code)",
        "NULL in 1 of 4 rows: id = (p3)",
    ),
    "validated in a later file": (
        "alter table teams validate constraint two_letters",
        "check public.teams (two_letters)",
        "2 of 2 rows against two_letters: id = (t1); id = (t2)",
    ),
    "schema of the search path": (
        "set search_path to app, public; alter table alone add unique (name)",
        "unique app.alone (name)",
        "2 rows share 1 value: id = (1) and id = (2)",
    ),
    "after functions that write nothing": (
        (
            "select count(*), now() from pools; select setval('years_seen', 1); select steady(1);"
            " alter table pools add unique (name)"
        ),
        "unique public.pools (name)",
        "2 rows share 1 value: id = (p1) and id = (p2); 1, line 1 will fail",
    ),
    "column of a renamed table": (
        (
            "alter table pools rename name to title; alter table pools rename to tanks;"
            " alter table tanks add unique (title)"
        ),
        "unique public.tanks (title)",
        "public.tanks (title): 2 rows share 1 value: id = (p1) and id = (p2)",
    ),
    "column that is not there": (
        "alter table teams alter paid set not null",
        "not null public.teams (paid)",
        "public.teams: no column paid; 1, line 1 will fail: a migration before it has to make it",
    ),
    "table that is not there": (
        "alter table subscriptions add unique (paid)",
        "unique public.subscriptions (paid)",
        "public.subscriptions: no table public.subscriptions; 1, line 1 will fail",
    ),
    "not null that IF NOT EXISTS leaves out": (
        "alter table pools add column if not exists name text not null",
        "not null public.pools (name)",
        "NULL in 2 of 4 rows: id = (p3); id = (p4); the column is there already",
    ),
    "generated column that fails": (
        (
            "alter table pools add column share int generated always as (1 / (season - 1)) stored;"
            " alter table pools add unique (share)"
        ),
        "unique public.pools (share)",
        "public.pools (share): division by zero; 1, line 1 will fail",
    ),
}
# What servers might do each in its own way.
UNLIKE = ("NULLs that are one", "another type, of partitions", "exclusion", "check")


@pytest.mark.parametrize(("file", "subject", "says"), BROKEN.values(), ids=BROKEN)
def test_rows_that_break_a_demand_are_counted_and_named(
    asked: Asked, file: str, subject: str, says: str
) -> None:
    (finding,) = asked(file)[subject].findings

    assert says in finding


@pytest.mark.parametrize(
    "cases", [pytest.param(BROKEN, marks=pytest.mark.long), UNLIKE], ids=["all", "some"]
)
def test_an_older_server_says_the_same(
    server15: Server, tmp_path: Path, cases: Iterable[str]
) -> None:
    with filled(server15) as dsn:
        ask = asking(dsn, tmp_path)
        for file, subject, says in map(BROKEN.__getitem__, cases):
            assert says in ask(file)[subject].findings[0]


def test_masked_keys_are_told_by_their_digests(asked: Asked) -> None:
    file = "alter table pools add unique (secret)"
    (finding,) = asked(file, pools=TableRule(mask=("id",)))["unique public.pools (secret)"].findings

    assert "id = (#" in finding
    assert "(p1)" not in finding
    assert "s1" not in finding


def test_shared_value_is_told_where_the_project_shows_it(asked: Asked) -> None:
    file = "alter table pools add unique (secret)"
    rule = TableRule(show=("secret",))
    (finding,) = asked(file, pools=rule)["unique public.pools (secret)"].findings

    assert "id = (p1) and id = (p2) by secret = (s1)" in finding


def test_mask_of_a_column_goes_with_it_to_its_new_name(asked: Asked) -> None:
    file = "alter table pools rename secret to token; alter table pools add unique (token)"
    renamed = (Renamed(column="public.pools.secret", to="token"),)
    rule = TableRule(mask=("secret",), show=("token",))
    (finding,) = asked(file, renamed=renamed, pools=rule)["unique public.pools (token)"].findings

    assert "id = (p1) and id = (p2)" in finding
    assert "s1" not in finding


def test_what_is_demanded_of_one_table_twice_has_two_names(asked: Asked) -> None:
    found = asked("alter table pools add unique (name)", "create unique index on pools (name)")

    assert list(found) == [
        "unique public.pools (name; 1, line 1)",
        "unique public.pools (name; 2, line 1)",
    ]
