"""Is nothing said of rows that are mended first, and is it told what cannot be known?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.violations import asking

if TYPE_CHECKING:
    from tests.violations.conftest import Asked

# What a migration does first, so that its demand is met.
MENDED = {
    "filled by an update": (
        "update pools set name = id where name is null; alter table pools alter name set not null",
    ),
    "filled by an update from another table": (
        (
            "update pools as p set name = t.abbr || p.id from teams t where t.id = p.team or true;"
            " alter table pools alter name set not null, add unique (name)"
        ),
    ),
    "filled by an update in an earlier file": (
        "update pools set season = 2025 where season is null or season < 2",
        "alter table pools alter season set not null, add check (season > 1)",
    ),
    "deleted": ("delete from pools where name is null; alter table pools alter name set not null",),
    "duplicates deleted": (
        (
            "delete from pools a using pools b where a.name = b.name and a.id > b.id;"
            " alter table pools add unique (name)"
        ),
    ),
    "duplicates deleted by a WITH": (
        (
            "with ranked as (select id, row_number() over (partition by name order by id) as n"
            " from pools) delete from pools using ranked where pools.id = ranked.id and n > 1;"
            " alter table pools add unique (name)"
        ),
    ),
    "duplicates deleted by what is in a WITH": (
        (
            "with ranked as (select id, row_number() over (partition by name order by id) as n"
            " from pools) delete from pools where id in (select id from ranked where n > 1);"
            " alter table pools add unique (name)"
        ),
    ),
    "names made different": (
        (
            "update pools set name = name || ' (' || id || ')' where id in ("
            "select b.id from pools a join pools b on a.name = b.name and a.id < b.id);"
            " alter table pools add unique (name)"
        ),
    ),
    "orphans deleted": (
        (
            "delete from pools where team not in (select id from teams);"
            " alter table pools add foreign key (team) references teams"
        ),
    ),
    "emptied": ("truncate bets; alter table bets add unique (game, line)",),
    "new column with a default": ("alter table pools add column a int not null default 1",),
    "new column with numbers of its own": (
        "alter table bets add column id bigserial; alter table bets add primary key (id)",
    ),
    "new column with values of its own": (
        "alter table bets add column id uuid not null default gen_random_uuid() unique",
    ),
    "new column that points nowhere": (
        "create table cups (id int primary key); alter table pools add cup int references cups",
    ),
    "column dropped and made anew": (
        "alter table pools drop name; alter table pools add name text not null default 'x'",
    ),
    "new table": (
        (
            "create table cups (id int primary key, name text not null unique check (name <> ''));"
            " alter table cups add column pool text not null references pools"
        ),
    ),
    "NULL is no breach of a check": ("alter table pools add check (season > 0)",),
    "NULLs are not one": ("create unique index on pools (season, name) where season is null",),
    "blanks at the end are cut": ("alter table pools alter said type varchar(6)",),
    "values cut by USING": ("alter table pools alter said type varchar(3) using left(said, 3)",),
    "shorter texts in an array": (
        (
            "alter table pools add tags varchar(9)[] default '{abcdef,ab}';"
            " alter table pools alter tags type varchar(8)[]"
        ),
    ),
    "a type that takes all": (
        "alter table pools alter at type date, alter season type text, alter number type numeric",
    ),
    "values moved out of a label that goes": (
        (
            "update pools set kind = 'SU' where kind = 'OTHER';"
            " create type kind_new as enum ('ATS', 'SU');"
            " alter table pools alter kind type kind_new using (kind::text::kind_new)"
        ),
    ),
    "a label that is new": (
        "alter type kind add value 'LATE'",
        (
            "update pools set kind = 'LATE' where season = 1;"
            " alter table pools add check (kind <> 'ATS' or season is null)"
        ),
    ),
    "not valid, and never validated": (
        "alter table pools add constraint f foreign key (team) references teams not valid",
    ),
    "not valid, mended, validated": (
        (
            "alter table pools add constraint late check (season > 1) not valid;"
            " update pools set season = 2 where season = 1;"
            " alter table pools validate constraint late"
        ),
    ),
    "already so": ("alter table teams alter abbr set not null",),
}


@pytest.mark.parametrize("files", MENDED.values(), ids=MENDED)
def test_rows_that_are_mended_first_are_no_finding(asked: Asked, files: tuple[str, ...]) -> None:
    said = [one for told in asked(*files).values() for one in (*told.findings, *told.notes)]

    assert said == []


# What cannot be followed, and what is said then.
DOUBTED = {
    "a function": (
        (
            "create function mend_all() returns int language sql as 'delete from pools; select 1';"
            " select mend_all(); alter table pools add unique (name)"
        ),
        "2 rows share 1 value: id = (p1) and id = (p2); 1, line 1 may change that before",
    ),
    "text put together": (
        (
            "do $$ begin execute format('delete from %I', 'pools'); end $$;"
            " alter table pools alter name set not null"
        ),
        "NULL in 2 of 4 rows: id = (p3); id = (p4); 1, line 1 may change that before",
    ),
    "new parents": (
        (
            "insert into teams values ('t9', 'C');"
            " alter table pools add foreign key (team) references teams"
        ),
        "1 of 4 rows points to no public.teams (id): id = (p2); 1, line 1 may change that before",
    ),
    "a WITH that writes": (
        (
            "with gone as (delete from pools returning id) select from gone;"
            " alter table pools alter name set not null"
        ),
        "NULL in 2 of 4 rows: id = (p3); id = (p4); 1, line 1 may change that before",
    ),
    "rows that go with others": (
        "delete from teams where id = 't2'; alter table notes alter team set not null",
        "NULL in 1 of 2 rows: id = (2); 1, line 1 may change that before",
    ),
    "an update of what an update reads": (
        (
            "update teams set abbr = 'C';"
            " update pools set name = t.abbr from teams t where t.id = team;"
            " alter table pools alter name set not null"
        ),
        "NULL in 2 of 4 rows: id = (p3); id = (p4); 1, line 1 may change that before",
    ),
    "a function that is made on the way": (
        "alter table pools add check (is_fine(season))",
        "function is_fine(integer) does not exist: the trial on a clone will tell",
    ),
    "an index of that name": (
        "create unique index if not exists teams_pkey on pools (name)",
        "2 rows share 1 value: id = (p1) and id = (p2); an index teams_pkey is there already",
    ),
    "rows that are made on the way": (
        "create table names as select name from pools; alter table names add unique (name)",
        "which 1, line 1 demands: not counted: the trial on a clone will tell",
    ),
    "a partition": (
        "alter table years attach partition bets for values from (4000) to (5000)",
        "not counted: the trial on a clone will tell",
    ),
}


@pytest.mark.parametrize(("file", "says"), DOUBTED.values(), ids=DOUBTED)
def test_what_cannot_be_followed_is_a_note(asked: Asked, file: str, says: str) -> None:
    (told,) = asked(file).values()

    assert told.findings == ()
    assert says in told.notes[0]


def test_what_would_take_too_long_is_not_asked(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "DEAREST", 0.1)

    (told,) = asked("alter table pools add unique (name)").values()

    assert told.findings == ()
    assert "1, line 1 demands: not counted: the trial on a clone will tell" in told.notes[0]
