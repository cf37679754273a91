"""Do the statements that a finding ends with make both sides alike, and lose nothing?

The cases of `schema_cases` lie in two databases; what their findings propose is run in the one
after, and the sides are compared again.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import database
from gatepost.schema import differences
from gatepost.schema.declarations import Object
from gatepost.schema.mending import widening
from tests.schema_cases import DIFFERENT, FIRES, Case, T
from tests.test_differences import all_between, by_schema, filled, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.differences import Differences

pytestmark = pytest.mark.servers

OWN = (
    Case(
        "three columns are gone",
        "create table p (id integer primary key)",
        'create table t (id integer not null default 7, v varchar(5) collate "C",'
        " g text generated always as ('a'::text || 'b'::text) stored); comment on column t.v is 'x'"
        "; alter table t alter v set storage external, alter v set (n_distinct = 5)",
        "create table t ()",
    ),
    Case(
        "options of a column and a table",
        T,
        "alter table t alter v set (n_distinct = 5), set (fillfactor = 70, toast.autovacuum_enabled"
        " = off), alter v set statistics 500, alter v set compression pglz",
        "alter table t alter v set (n_distinct_inherited = 3), set (fillfactor = 80,"
        " autovacuum_enabled = off)",
    ),
    Case("row security forced", T, "alter table t force row level security", ""),
    Case(
        "constraints with comments and marks",
        f"{T} create table p (id integer primary key)",
        "alter table t add constraint a check (id > 0) not valid, add constraint b primary key"
        " (id), add constraint f foreign key (id) references p on delete cascade deferrable;"
        " comment on constraint a on t is 'it''s';"
        " create unique index i on t (v) include (id) where id > 3; comment on index i is 'i'",
        "alter table t add constraint z check (id < 9); create index j on t (id)",
    ),
    Case(
        "clustered and replica identity",
        "create table t (id integer primary key, v text not null); create unique index u on t (v)",
        "alter table t cluster on u, replica identity using index u",
        "alter table t cluster on t_pkey",
    ),
    Case(
        "triggers, rules and policies",
        f"{T} {FIRES}",
        "create trigger a before insert on t for each row execute function tf(); comment on trigger"
        " a on t is 'a'; alter table t enable always trigger a; create rule r as on delete to t do"
        " instead nothing; comment on rule r on t is 'r'; create policy p on t as restrictive for"
        " insert with check (id > 0); comment on policy p on t is 'p'",
        "create trigger b before update on t for each row execute function tf();"
        " create rule s as on update to t do instead nothing; create policy q on t",
    ),
    Case(
        "trigger and rule under another name",
        f"{T} {FIRES}",
        "create trigger a before insert on t for each row execute function tf(); create policy p on"
        " t using (id > 0); create rule r as on delete to t do instead nothing",
        "create trigger b before insert on t for each row execute function tf(); create policy q on"
        " t using (id > 0); create rule s as on delete to t do instead nothing",
    ),
    Case(
        "trigger and rule of another kind",
        f"{T} {FIRES}",
        "create trigger a before insert on t for each row execute function tf();"
        " create rule r as on delete to t do instead nothing",
        "create trigger a after insert on t for each row execute function tf();"
        " create rule r as on delete to t where old.id > 1 do instead nothing",
    ),
    Case(
        "policy for others",
        T,
        "create policy p on t for select using (true)",
        "create policy p on t as restrictive for all using (true) with check (false)",
    ),
    Case(
        "sequence of other bounds",
        "",
        "create sequence s as integer start 5 increment 3 minvalue -2 maxvalue 99 cache 4 cycle",
        "create sequence s as smallint",
    ),
    Case(
        "labels at every place",
        "",
        "create type e as enum ('a', 'b', 'c', 'd''s', 'e')",
        "create type e as enum ('b', 'd''s')",
    ),
    Case(
        "types are missing",
        "",
        "create type e as enum ('a', 'b'); create type c as (a integer, b numeric(3,1))",
        "",
    ),
    Case(
        "fields of a composite",
        "",
        "create type c as (a integer, b text)",
        "create type c as (a integer)",
    ),
    Case(
        "domain",
        "",
        "create domain d as integer default 5 not null constraint c check (value > 0);"
        " comment on domain d is 'd'; comment on constraint c on domain d is 'c'",
        "create domain d as integer constraint other check (value < 0)",
    ),
    Case(
        "function's marks",
        "",
        "create function f() returns setof integer language sql immutable strict security definer"
        " leakproof parallel safe cost 5 rows 7 set search_path = a, \"B c\" set work_mem = '1MB'"
        " as 'select 1'; comment on function f() is 'f'",
        "create function f() returns setof integer language sql set work_mem = '2MB'"
        " set jit = off as 'select 1'",
    ),
    Case(
        "views are missing",
        T,
        "create view v with (security_barrier) as select id from t; create statistics s on id, v"
        " from t; alter statistics s set statistics 7; comment on view v is 'v'",
        "create statistics s on id, v from t",
    ),
    Case(
        "identity of a plain column",
        "",
        "create table t (id integer not null generated always as identity)",
        "create table t (id integer not null)",
    ),
    Case(
        "names with capitals",
        "",
        'create table "T x" ("V" text not null default \'a"b\')',
        'create table "T x" ("V" text)',
    ),
    Case(
        "no default",
        "",
        "create table t (id integer)",
        "create table t (id integer not null default 1)",
    ),
)
CASES = (*DIFFERENT, *OWN)
Objects = dict[str, list[Object]]


@dataclass(frozen=True)
class Mended:
    """Both sides of every case, before and after what the findings propose was run.

    :param refused: what the server said of the statements for a schema.
    """

    before: Objects
    after: Objects
    mended: Objects
    refused: dict[str, str]


@pytest.fixture(scope="module")
def mended(server16: Server, server18: Server) -> Mended:
    """All cases on both servers, mended; what a server refused by the name of the schema."""
    before = filled(server16, "to_mend", [(case.common, case.before) for case in CASES])
    after = filled(server18, "to_mend", [(case.common, case.after) for case in CASES])
    refused: dict[str, str] = {}
    with contextlib.closing(database.maintenance(server18.dsn("to_mend"))) as conn:
        for number in range(len(CASES)):
            name = f"c{number}"
            try:
                conn.execute(script(before.get(name, []), after.get(name, [])).encode())
            except psycopg.Error as error:
                refused[name] = f"{error}"
    return Mended(before, after, by_schema(read(server18.dsn("to_mend"))), refused)


def script(before: list[Object], after: list[Object]) -> str:
    """Return what all findings between two lists of objects propose."""
    return "".join(one.script for one in compared(before, after))


def compared(before: list[Object], after: list[Object]) -> list[Differences]:
    was = {one.identity: one for one in before}
    now = {one.identity: one for one in after}
    return [differences.compare(was.get(name), now.get(name)) for name in sorted({*was, *now})]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
def test_what_a_finding_proposes_mends_it(number: int, mended: Mended) -> None:
    """What is left has no statement: none that loses nothing would mend it."""
    name = f"c{number}"
    was, now = mended.before.get(name, []), mended.after.get(name, [])
    helpless = {
        finding
        for one in compared(was, now)
        for finding, detail in zip(one.findings, one.details, strict=True)
        if not detail.remedy.statements
    }

    assert name not in mended.refused, mended.refused[name]
    assert set(all_between(was, mended.mended.get(name, [])).findings) <= helpless


@pytest.mark.parametrize("case", OWN, ids=repr)
def test_everything_of_these_is_mended(case: Case, mended: Mended) -> None:
    name = f"c{CASES.index(case)}"
    left = all_between(mended.before.get(name, []), mended.mended.get(name, [])).findings

    assert left == (), case


def test_nothing_that_is_proposed_drops_what_holds_rows(mended: Mended) -> None:
    scripts = [
        script(mended.before.get(name, []), mended.after.get(name, []))
        for name in (f"c{number}" for number in range(len(CASES)))
    ]
    dropped = set(re.findall(r"drop ([a-z ]+)", " ".join(scripts)))

    assert {words.strip() for words in dropped} <= {
        *("constraint", "default", "not null", "index", "trigger", "rule", "policy")
    }
    assert not any(re.search("truncate|set unlogged|drop .*cascade;", one) for one in scripts)


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("numeric(12,2)", "numeric(10,2)", True),
        ("numeric(12,4)", "numeric(12,2)", False),
        ("numeric(14,4)", "numeric(12,2)", True),
        ("numeric", "numeric(12,2)", True),
        ("numeric(12)", "numeric(12,2)", False),
        ("numeric(12,2)", "numeric", False),
        ("numeric", "bigint", True),
        ("numeric(5,2)", "integer", False),
        ("bigint", "integer", True),
        ("integer", "bigint", False),
        ("bigint[]", "integer[]", True),
        ("bigint[]", "integer", False),
        ("double precision", "real", True),
        ("real", "double precision", False),
        ("text", "character varying(20)", True),
        ("character varying", "text", True),
        ("character varying(20)", "text", False),
        ("character varying(20)", "character varying(10)", True),
        ("timestamp with time zone", "timestamp(3) with time zone", True),
        ("timestamp(3) with time zone", "timestamp with time zone", False),
        ("timestamp with time zone", "timestamp without time zone", False),
        ("jsonb", "json", False),
        ("text", "integer", False),
        ("public.wide", "public.narrow", False),
    ],
)
def test_a_type_is_proposed_only_where_it_holds_every_value(
    wide: str, narrow: str, holds: bool
) -> None:
    assert widening.holds(wide, narrow) is holds


def test_rows_are_kept_by_all_that_is_proposed(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    before = database16(
        "create table t (id bigint primary key, n numeric(12,2) not null default 1,"
        " v text check (v <> ''), w text default 'w')"
    )
    after = database18(
        "create table t (id integer, n numeric(10,2), v varchar(9), x text);"
        " insert into t select g, g, g, 'kept' from generate_series(1, 50) as g"
    )
    with contextlib.closing(database.maintenance(after)) as conn:
        conn.execute(script(*(list(read(dsn).objects) for dsn in (before, after))).encode())
        (held,) = conn.execute("select count(*), sum(n), min(x) from public.t")

    assert held == (50, 1275, "kept")
    left = all_between(*(list(read(dsn).objects) for dsn in (before, after))).findings
    assert left == ("public.t: column x only after",)


def test_a_partition_is_mended_in_its_parent(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    tables = "create table t ({}) partition by range (id); create table t1 partition of t default"
    before = read(
        database16(f"{tables.format('id bigint, k integer, v text')}; create index i on t (k)")
    )
    dsn = database18(tables.format("id bigint, k smallint"))
    proposed = {
        one.identity: differences.compare(one, read(dsn).object(one.identity))
        for one in before.objects
    }
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute("".join(one.script for one in proposed.values()).encode())

    assert proposed["public.t1"].script == ""
    assert "  hint: mend it in the table that this one is a partition of" in (
        proposed["public.t1"].told.splitlines()
    )
    assert all_between(list(before.objects), list(read(dsn).objects)).findings == ()


def test_what_a_word_means_only_elsewhere_is_no_part() -> None:
    """A collation has rules, which are one text."""
    one, other = (Object("collation c", "collation", {"rules": rules}) for rules in "ab")

    assert differences.compare(one, other).findings == ("collation c: rules a before, b after",)
