"""In what may two sides differ, and still hold the same rows?

Each variation has a schema of its own, with the table `t` unless it says otherwise, on both sides;
what it does is done to the after side alone.
"""

from __future__ import annotations

from dataclasses import dataclass

# A column of every type whose text, size, order or storage depends on anything but its value.
TABLE = """
create table t (
    id int primary key, n numeric, n2 numeric(12,2), f4 float4, f8 float8, s text, vc varchar(90),
    c char(5), b bytea, bo bool, d date, ts timestamp(3), tz timestamptz, tt timetz, i interval,
    u uuid, j json, jb jsonb, ip inet, m money, vb varbit, po point, na name, q "char", e mood,
    p part, dc short, an numeric[], ac char(3)[], tr tstzrange, mr datemultirange, big text
);
insert into t
select g, g * 1.10, g, g / 3.0, g / 3.0, 'é ' || g, 'x' || g || ' ', 'ab',
    decode(md5(g::text), 'hex'), g % 2 = 0, date '2024-01-01' + g,
    timestamp '2024-03-31 02:30:00.123' + g * interval '1 h',
    timestamptz '2024-03-31 02:30:00.123456+00' + g * interval '7 h',
    time '12:00' at time zone '+05:45', g * interval '1 mon -3 days 1.5 s', md5(g::text)::uuid,
    '{"a" : 1.0,  "a":2}', '{"b": 1.0, "a": []}', '10.0.0.1/8', g * 1.01::numeric::money, g::bit(8),
    point(g, -0.1), 'n' || g, 'q', 'so so', row(g * 1.0, 'ab', '', '-0')::part, 'dc',
    array[g, 1.50], array['a', null], '[2024-01-01,)', '{[2024-01-01,2024-02-01)}',
    repeat(md5(g::text), 200)
from generate_series(1, 40) as g;
insert into t (id, f8, d, tz, s, big) values
    (41, 'NaN', 'infinity', '-infinity', '', ''),
    (42, '-0', '0044-03-15 BC', '0044-03-15 BC', null, null);
"""
SMALL = """
create table t (id int primary key, a text, b int);
insert into t select g, 'a ' || g, g % 7 from generate_series(1, 200) as g;
"""


@dataclass(frozen=True)
class Variation:
    """Something that differs and is no damage.

    :param both: SQL that makes the table, on both sides.
    :param after: statements that then vary the after side, each in a transaction of its own.
    :param before: the same for the before side.
    :param table: the table that is compared.
    """

    name: str
    after: tuple[str, ...]
    both: str = TABLE
    before: tuple[str, ...] = ()
    table: str = "t"

    def __repr__(self) -> str:
        return self.name.replace(" ", "_")


STORED = (
    Variation("nothing at all", ()),
    Variation("rewritten in another order", ("create index i on t (s)", "cluster t using i")),
    Variation(
        "rows loaded backwards",
        (
            "create table o as table t",
            "truncate t",
            "insert into t select * from o order by id desc",
        ),
    ),
    Variation(
        "columns dropped long ago",
        ("alter table t add x int default 7, add y text", "alter table t drop x", "vacuum full t"),
    ),
    Variation(
        "dropped column still in the rows",
        ("alter table t add x text default 'x'", "update t set x = 'y'", "alter table t drop x"),
    ),
    Variation("half full pages", ("alter table t set (fillfactor = 30)", "vacuum full t")),
    Variation(
        "vacuumed full",
        ("delete from t where id = 42", "vacuum full t"),
        before=("delete from t where id = 42",),
    ),
    Variation("frozen", ("vacuum (freeze, analyze) t",)),
    Variation(
        "updated in place, old versions still there",
        ("alter table t set (autovacuum_enabled = off)", *["update t set s = s, bo = bo"] * 3),
    ),
    Variation(
        "written and taken back",
        (
            "begin; update t set s = 'x'; delete from t where id < 9; rollback",
            "begin; insert into t (id) values (99); savepoint a; delete from t; rollback",
        ),
    ),
    Variation(
        "never compressed",
        (
            "alter table t alter big set storage external",
            "update t set big = big || ''",
            "vacuum full t",
        ),
    ),
    Variation(
        "kept inside the row",
        ("alter table t alter big set storage plain", "update t set big = big || ''"),
    ),
    Variation(
        "smaller rows out of line",
        ("alter table t set (toast_tuple_target = 128)", "vacuum full t"),
    ),
    Variation(
        "statistics gathered otherwise",
        (
            "alter table t alter s set statistics 1000",
            "create statistics st on bo, e from t",
            "analyze t",
        ),
    ),
    Variation(
        "no key any more but an index",
        ("alter table t drop constraint t_pkey", "create unique index on t (id)"),
    ),
    Variation(
        "indexes of other kinds",
        (
            "create index on t using hash (s)",
            "create index on t using brin (id)",
            "create index on t (f8 desc) where bo",
        ),
    ),
    Variation("unlogged", ("alter table t set unlogged",)),
    Variation("replica identity", ("alter table t replica identity full",)),
    Variation("another owner", ("alter table t owner to pg_monitor",)),
    Variation(
        "rights of others", ("grant select on t to public", "grant update (s) on t to pg_monitor")
    ),
    Variation("commented", ("comment on table t is 'x'", "comment on column t.s is 'y'")),
    Variation(
        "a view on top",
        ("create view v as select * from t", "create rule r as on insert to v do instead nothing"),
    ),
    Variation(
        "row security that is bypassed",
        (
            "create policy p on t using (false)",
            "alter table t enable row level security, force row level security",
        ),
    ),
    Variation(
        "triggers disabled",
        (
            "create function f() returns trigger language plpgsql as 'begin return null; end'",
            "create trigger g before update on t for each row execute function f()",
            "alter table t disable trigger all",
        ),
    ),
    Variation(
        "quoted names",
        ('vacuum full "%s t""."',),
        both='create table "%s t""." ("%(x)s" int primary key, "a""b" text, "{}" int, "é\\" text);'
        "insert into \"%s t\"\".\" values (1, '%s', 2, '{}'), (2, null, 3, '%%')",
        table='%s t".',
    ),
    Variation(
        "an empty table",
        ("alter table t add x int", "alter table t drop x"),
        both="create table t (id int primary key, a text)",
    ),
    Variation(
        "rows without columns",
        ("vacuum full t",),
        both="create table t (); insert into t select from generate_series(1, 3)",
    ),
    Variation(
        "no key, rows twice and in another order",
        (
            "create table o as table t",
            "truncate t",
            "insert into t select * from o order by b desc, a",
        ),
        both="create table t (a text, b numeric);"
        "insert into t values ('x', 1), ('x', 1), (null, null), (null, null), ('', 0), ('y', 1.0)",
    ),
    Variation(
        "1,600 columns",
        ("vacuum full t",),
        both="do $$ begin execute 'create table t (' ||"
        " (select string_agg('c' || g || ' int', ', ') from generate_series(1, 1600) as g) || ')';"
        " insert into t (c1, c800, c1600) values (1, 2, 3), (4, null, 5); end $$",
    ),
    Variation(
        "more rows than a bucket, and none at fault",
        ("update t set a = a || ''", "update t set b = b"),
        both="create table t (id bigint primary key, a text, b int);"
        "insert into t select g * 4294967296, md5(g::text), g from generate_series(1, 20000) as g",
    ),
)
