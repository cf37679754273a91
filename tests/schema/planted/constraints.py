"""Constraints of all kinds."""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer, v text, w integer);"
PARENT = "create table par (id integer primary key, x integer unique);"
FK = "foreign key (id) references par"
# Made in two orders: a foreign key leans on the first index that fits.
PRIMARY = "alter table par add primary key (id)"
UNIQUE = "alter table par add constraint again unique (id)"
LEANS = "alter table t add constraint c foreign key (id) references par (id)"
PAIRS = "create table par (a integer, b integer, primary key (a, b)); create table t (a integer, b integer);"


def changed(
    name: str, *words: str, was: str, now: str, common: str = T, since: int = 15, also: bool = False
) -> Fault:
    """Return a fault of the constraint c, added to t in two ways.

    :param also: it is out of order too.
    """
    return Fault(
        name,
        "schema",
        ("{s}.t", "constraint c", *words),
        common,
        was=f"alter table t add constraint c {was}" if was else "",
        damage=f"alter table t add constraint c {now}" if now else "",
        since=since,
        also=(("objects", ("{s}.t", "constraint c", "not validated after")),) if also else (),
    )


def key(name: str, *words: str, was: str, now: str, since: int = 15, also: bool = False) -> Fault:
    """Return a fault of a foreign key."""
    return changed(name, *words, was=was, now=now, common=f"{PARENT}{T}", since=since, also=also)


FAULTS = (
    Fault(
        "primary_key_gone",
        "schema",
        ("{s}.t", "constraint t_pkey", "gone"),
        "create table t (id integer not null);",
        was="alter table t add primary key (id)",
    ),
    changed(
        "primary_key_order",
        "(id, v)",
        "(v, id)",
        was="primary key (id, v)",
        now="primary key (v, id)",
    ),
    changed(
        "primary_key_includes",
        "INCLUDE (w)",
        was="primary key (id) include (w)",
        now="primary key (id)",
    ),
    changed("unique_gone", "gone", was="unique (v)", now=""),
    changed(
        "unique_of_more", "UNIQUE (v)", "UNIQUE (v, id)", was="unique (v)", now="unique (v, id)"
    ),
    changed(
        "unique_nulls", "NULLS NOT DISTINCT", was="unique nulls not distinct (v)", now="unique (v)"
    ),
    changed("unique_deferrable", "DEFERRABLE", was="unique (v)", now="unique (v) deferrable"),
    changed(
        "unique_deferred",
        "INITIALLY DEFERRED",
        was="unique (v) deferrable initially deferred",
        now="unique (v) deferrable",
    ),
    Fault(
        "unique_as_index",
        "schema",
        ("{s}.t", "c is a unique constraint before", "index after"),
        T,
        was="alter table t add constraint c unique (v)",
        damage="create unique index c on t (v)",
        note=True,
    ),
    changed("check_gone", "gone", was="check (id > 0)", now=""),
    changed("check_looser", "(id > 0)", "(id > 1)", was="check (id > 0)", now="check (id > 1)"),
    changed(
        "check_of_another_precedence",
        "constraint c",
        was="check ((id + w) * w > 0)",
        now="check (id + w * w > 0)",
    ),
    changed(
        "check_not_inherited", "NO INHERIT", was="check (id > 0)", now="check (id > 0) no inherit"
    ),
    changed(
        "check_not_valid",
        "not validated after",
        was="check (id > 0)",
        now="check (id > 0) not valid",
        also=True,
    ),
    changed(
        "check_not_enforced",
        "not enforced after",
        was="check (id > 0)",
        now="check (id > 0) not enforced",
        since=18,
    ),
    Fault(
        "check_renamed",
        "schema",
        ("{s}.t", "constraint c is named d after"),
        T,
        was="alter table t add constraint c check (id > 0)",
        damage="alter table t add constraint d check (id > 0)",
        note=True,
    ),
    Fault(
        "foreign_key_backing_index",
        "schema",
        ("{s}.t", "constraint c", "backing index PRIMARY KEY (id) before, UNIQUE (id) after"),
        "create table par (id integer not null); create table t (id integer);",
        was=f"{PRIMARY}; {LEANS}; {UNIQUE}",
        damage=f"{UNIQUE}; {LEANS}; {PRIMARY}",
        note=True,
    ),
    Fault(
        "check_comment",
        "schema",
        ("{s}.t", "constraint c", "comment"),
        f"{T} alter table t add constraint c check (id > 0);",
        was="comment on constraint c on t is 'x'",
    ),
    key("key_gone", "gone", was=FK, now=""),
    key("key_to_another_column", "(x)", was=FK, now=f"{FK} (x)"),
    key("key_cascades", "ON DELETE CASCADE", was=FK, now=f"{FK} on delete cascade"),
    key("key_updates", "ON UPDATE SET NULL", was=f"{FK} on update set null", now=FK),
    key("key_deferrable", "DEFERRABLE", was=FK, now=f"{FK} deferrable"),
    key(
        "key_deferred",
        "DEFERRED",
        was=f"{FK} deferrable initially deferred",
        now=f"{FK} deferrable",
    ),
    key("key_not_valid", "not validated after", was=FK, now=f"{FK} not valid", also=True),
    key("key_not_enforced", "not enforced after", was=FK, now=f"{FK} not enforced", since=18),
    changed(
        "key_match_full",
        "MATCH FULL",
        common=PAIRS,
        was="foreign key (a, b) references par match full",
        now="foreign key (a, b) references par",
    ),
    changed(
        "key_sets_some_null",
        "SET NULL (b)",
        common=PAIRS,
        was="foreign key (a, b) references par on delete set null",
        now="foreign key (a, b) references par on delete set null (b)",
    ),
    changed(
        "key_order",
        "(a, b)",
        "(b, a)",
        common=PAIRS,
        was="foreign key (a, b) references par",
        now="foreign key (b, a) references par",
    ),
    Fault(
        "key_asleep",
        "schema",
        ("{s}.t", "constraint c", "triggers", "disabled after"),
        f"{PARENT}{T} alter table t add constraint c {FK};",
        damage="alter table t disable trigger all",
        also=(("objects", ("{s}.t", "disabled")),),
    ),
    Fault(
        "key_asleep_at_its_parent",
        "schema",
        ("{s}.t", "constraint c", "triggers on {s}.par", "disabled after"),
        f"{PARENT}{T} alter table t add constraint c {FK};",
        damage="alter table par disable trigger all",
        also=(("objects", ("{s}.par", "disabled")),),
    ),
    changed(
        "exclusion_operator",
        "WITH &&",
        "WITH -|-",
        common="create table t (r int4range);",
        was="exclude using gist (r with &&)",
        now="exclude using gist (r with -|-)",
    ),
    changed(
        "exclusion_predicate",
        "WHERE",
        common="create table t (r int4range);",
        was="exclude using gist (r with &&) where (not isempty(r))",
        now="exclude using gist (r with &&)",
    ),
    changed(
        "unique_without_overlaps",
        "WITHOUT OVERLAPS",
        common="create table t (r int4range, s int4range);",
        was="unique (s, r without overlaps)",
        now="unique (s, r)",
        since=18,
    ),
    changed(
        "key_of_a_period",
        "PERIOD",
        common=(
            "create table par (s int4range, r int4range, primary key (s, r without overlaps));"
            " create table t (s int4range, r int4range);"
        ),
        was="foreign key (s, period r) references par (s, period r)",
        now="",
        since=18,
    ),
    Fault(
        "constraint_trigger_gone",
        "schema",
        ("{s}.t", "trigger g", "gone"),
        f"{T} create function f() returns trigger language plpgsql as 'begin return new; end';",
        was=(
            "create constraint trigger g after insert on t deferrable for each row"
            " execute function f()"
        ),
    ),
)
