"""Indexes: definition, state and small print."""

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer, v text, w integer, r int4range);"


def changed(name: str, *words: str, was: str, now: str, since: int = 14) -> Fault:
    """Return a fault of the index i on t, created in two ways; nothing stands for no index."""
    return Fault(
        name,
        "schema",
        ("{s}.t", "index i", *words),
        T,
        was=f"create {was}" if was else "",
        damage=f"create {now}" if now else "",
        since=since,
    )


def altered(name: str, *words: str, was: str = "", now: str = "") -> Fault:
    """Return a fault of the index i on t, changed afterwards."""
    common = f"{T} create index i on t (id, lower(v));"
    return Fault(name, "schema", ("{s}.t", "index i", *words), common, was=was, damage=now)


INVALID = "update pg_catalog.pg_index set {} = false where indexrelid = 'i'::regclass"

FAULTS = (
    changed("index_gone", "gone", was="index i on t (id)", now=""),
    changed("index_new", "only after", was="", now="index i on t (id)"),
    changed("index_not_unique", "unique", was="unique index i on t (id)", now="index i on t (id)"),
    changed(
        "index_nulls",
        "NULLS NOT DISTINCT",
        was="unique index i on t (id) nulls not distinct",
        now="unique index i on t (id)",
        since=15,
    ),
    changed("index_of_more", "(id, w)", was="index i on t (id)", now="index i on t (id, w)"),
    changed(
        "index_columns_turned",
        "(id, w)",
        "(w, id)",
        was="index i on t (id, w)",
        now="index i on t (w, id)",
    ),
    changed("index_descending", "DESC", was="index i on t (id)", now="index i on t (id desc)"),
    changed(
        "index_nulls_first",
        "NULLS FIRST",
        was="index i on t (id nulls first)",
        now="index i on t (id)",
    ),
    changed(
        "index_method", "hash (id)", was="index i on t (id)", now="index i on t using hash (id)"
    ),
    changed(
        "index_class",
        "text_pattern_ops",
        was="index i on t (v text_pattern_ops)",
        now="index i on t (v)",
    ),
    changed(
        "index_collation", "COLLATE", was='index i on t (v collate "C")', now="index i on t (v)"
    ),
    changed(
        "index_includes",
        "INCLUDE (w)",
        was="index i on t (id) include (w)",
        now="index i on t (id)",
    ),
    changed(
        "index_expression",
        "lower(v)",
        "upper(v)",
        was="index i on t (lower(v))",
        now="index i on t (upper(v))",
    ),
    changed(
        "index_predicate",
        "(id > 0)",
        "(id > 1)",
        was="index i on t (v) where id > 0",
        now="index i on t (v) where id > 1",
    ),
    changed(
        "index_predicate_gone",
        "WHERE",
        was="unique index i on t (v) where id > 0",
        now="unique index i on t (v)",
    ),
    changed(
        "index_options",
        "fillfactor",
        was="index i on t (id) with (fillfactor = 60)",
        now="index i on t (id)",
    ),
    changed(
        "index_pages_per_range",
        "pages_per_range",
        was="index i on t using brin (id) with (pages_per_range = 8)",
        now="index i on t using brin (id)",
    ),
    changed(
        "index_of_a_range",
        "spgist",
        was="index i on t using gist (r)",
        now="index i on t using spgist (r)",
    ),
    Fault(
        "index_invalid",
        "schema",
        ("{s}.t", "index i", "invalid after"),
        f"{T} create index i on t (id);",
        damage=INVALID.format("indisvalid"),
        also=(("objects", ("{s}.t", "index i", "invalid after")),),
    ),
    Fault(
        "index_not_ready",
        "schema",
        ("{s}.t", "index i", "not ready after"),
        f"{T} create index i on t (id);",
        damage=INVALID.format("indisready"),
        also=(("objects", ("{s}.t", "index i")),),
    ),
    altered(
        "index_statistics", "statistics", now="alter index i alter column 2 set statistics 700"
    ),
    altered("index_comment", "comment", was="comment on index i is 'x'"),
    Fault(
        "index_renamed",
        "schema",
        ("{s}.t", "index i is named j after"),
        T,
        was="create index i on t (id)",
        damage="create index j on t (id)",
        note=True,
    ),
    Fault(
        "index_one_of_two",
        "schema",
        ("{s}.t", "index j", "gone"),
        f"{T} create index i on t (id);",
        was="create index j on t (id)",
    ),
    Fault(
        "index_of_a_view",
        "schema",
        ("{s}.m", "index i", "gone"),
        "create materialized view m as select 1 as id;",
        was="create unique index i on m (id)",
    ),
)
