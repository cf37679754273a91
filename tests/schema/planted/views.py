"""Views, materialised views, sequences and rules."""

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer, v text);"
RULE = "create rule r as on delete to t do"


def changed(name: str, *words: str, was: str, now: str, since: int = 14) -> Fault:
    """Return a fault of the view w, created in two ways."""
    return Fault(
        name,
        "schema",
        ("{s}.w", *words),
        T,
        was=f"create {was}",
        damage=f"create {now}",
        since=since,
    )


def sequence(name: str, *words: str, was: str = "", now: str = "") -> Fault:
    """Return a fault of the sequence q, created in two ways."""
    return Fault(
        name,
        "schema",
        ("{s}.q", *words),
        was=f"create sequence q {was}",
        damage=f"create sequence q {now}",
    )


FAULTS = (
    Fault(
        "view_gone",
        "schema",
        ("{s}.w", "missing after"),
        T,
        was="create view w as select id from t",
    ),
    changed(
        "view_condition",
        "query",
        was="view w as select id from t",
        now="view w as select id from t where id > 0",
    ),
    changed(
        "view_of_another_join",
        "query",
        was="view w as select a.id from t a join t b using (id)",
        now="view w as select a.id from t a left join t b using (id)",
    ),
    changed(
        "view_barrier",
        "security_barrier",
        was="view w with (security_barrier) as select id from t",
        now="view w as select id from t",
    ),
    changed(
        "view_invoker",
        "security_invoker",
        was="view w with (security_invoker) as select id from t",
        now="view w as select id from t",
        since=15,
    ),
    changed(
        "view_checked",
        "check_option",
        was="view w as select id from t where id > 0 with check option",
        now="view w as select id from t where id > 0",
    ),
    changed(
        "view_checked_locally",
        "check_option",
        was="view w as select id from t where id > 0 with local check option",
        now="view w as select id from t where id > 0 with check option",
    ),
    changed(
        "view_columns_turned",
        "query",
        was="view w as select id, v from t",
        now="view w as select v, id from t",
    ),
    Fault(
        "view_column_shorter",
        "schema",
        ("{s}.w.v", "varying(9)", "varying(8)"),
        T,
        was="create view w as select v::varchar(9) as v from t",
        damage="create view w as select v::varchar(8) as v from t",
        also=(("schema", ("{s}.w", "query")),),
    ),
    Fault(
        "view_comment",
        "schema",
        ("{s}.w", "comment"),
        f"{T} create view w as select id from t;",
        was="comment on view w is 'x'",
    ),
    Fault(
        "view_default",
        "schema",
        ("{s}.w", "default"),
        f"{T} create view w as select id from t;",
        was="alter view w alter id set default 7",
    ),
    Fault(
        "view_on_view",
        "schema",
        ("{s}.w", "{s}.x"),
        f"{T} create view x as select id from t; create view y as select id from t;",
        was="create view w as select id from x",
        damage="create view w as select id from y",
    ),
    changed(
        "view_made_material",
        "view before",
        "materialized view after",
        was="view w as select id from t",
        now="materialized view w as select id from t",
    ),
    changed(
        "material_condition",
        "query",
        was="materialized view w as select id from t",
        now="materialized view w as select id from t where id > 0",
    ),
    Fault(
        "material_empty",
        "schema",
        ("{s}.w", "populated before", "not populated after"),
        T,
        was="create materialized view w as select id from t",
        damage="create materialized view w as select id from t with no data",
        also=(("objects", ("{s}.w", "populated")),),
    ),
    changed(
        "material_options",
        "fillfactor",
        was="materialized view w with (fillfactor = 50) as select id from t",
        now="materialized view w as select id from t",
    ),
    Fault("rule_gone", "schema", ("{s}.t", "rule r", "gone"), T, was=f"{RULE} instead nothing"),
    Fault(
        "rule_no_longer_instead",
        "schema",
        ("{s}.t", "rule r"),
        T,
        was=f"{RULE} instead select 1",
        damage=f"{RULE} also select 1",
    ),
    Fault(
        "rule_condition",
        "schema",
        ("{s}.t", "rule r"),
        T,
        was="create rule r as on delete to t where old.id > 1 do instead nothing",
        damage="create rule r as on delete to t where old.id > 2 do instead nothing",
    ),
    Fault(
        "rule_asleep",
        "schema",
        ("{s}.t", "rule r", "disabled after"),
        f"{T} {RULE} instead nothing;",
        damage="alter table t disable rule r",
    ),
    Fault(
        "rule_comment",
        "schema",
        ("{s}.t", "rule r", "comment"),
        f"{T} {RULE} instead nothing;",
        was="comment on rule r on t is 'x'",
    ),
    Fault(
        "sequence_gone",
        "schema",
        ("{s}.q", "missing after"),
        was="create sequence q",
        also=(("sequences", ("{s}.q", "missing after")),),
    ),
    sequence(
        "sequence_type",
        "bigint before",
        "integer after",
        was="maxvalue 99",
        now="as integer maxvalue 99",
    ),
    sequence("sequence_start", "start 1 before", "7 after", now="start 7"),
    sequence(
        "sequence_increment",
        "increment 1 before",
        "-1 after",
        was="minvalue -9 maxvalue 9 start 1",
        now="minvalue -9 maxvalue 9 start 1 increment -1",
    ),
    sequence("sequence_minimum", "minimum", was="minvalue 1", now="minvalue 0 start 1"),
    sequence("sequence_maximum", "maximum", "99", now="maxvalue 99"),
    sequence("sequence_cache", "cache 1 before", "20 after", now="cache 20"),
    sequence("sequence_cycle", "does not cycle before", "cycles after", now="cycle"),
    Fault(
        "sequence_of_nobody",
        "schema",
        ("{s}.q", "owner", "{s}.t.id"),
        f"{T} create sequence q;",
        was="alter sequence q owned by t.id",
    ),
    Fault(
        "sequence_unlogged",
        "schema",
        ("{s}.q", "unlogged"),
        was="create sequence q",
        damage="create unlogged sequence q",
        since=15,
    ),
    Fault(
        "sequence_comment",
        "schema",
        ("{s}.q", "comment"),
        "create sequence q;",
        damage="comment on sequence q is 'x'",
    ),
    Fault(
        "sequence_behind_its_column",
        "sequences",
        ("{s}.t_id_seq", "next value", "{s}.t.id"),
        "create table t (id serial); insert into t values (1), (2), (3);",
        was="select pg_catalog.setval('t_id_seq', 3)",
    ),
    Fault(
        "sequence_behind_where_it_stood",
        "sequences",
        ("{s}.q", "at 40 before", "at 4 after"),
        "create sequence q;",
        was="select pg_catalog.setval('q', 40)",
        damage="select pg_catalog.setval('q', 4)",
    ),
)
