-- What has rows or shows rows: tables, partitioned tables, views, materialised views and foreign
-- tables, without their columns.  `key` is what tells rows apart: the primary key, else the first
-- unique index, by name, of which nothing can make two rows look alike.
-- Order: schema, name.  No parameters.
with
-- PostgreSQL 18 sets attnotnull for NOT NULL NOT VALID as well, under which NULLs may lie.
column_of as not materialized (
  select a.attrelid, a.attnum, a.attname,
         a.attnotnull and not exists (
           select from pg_catalog.pg_constraint k
           where k.conrelid = a.attrelid and k.contype = 'n'
             and a.attnum = any (k.conkey) and not k.convalidated
         ) as never_null
  from pg_catalog.pg_attribute a
  where a.attnum > 0 and not a.attisdropped
),
key_of as (
  select distinct on (i.indrelid) i.indrelid,
         (select pg_catalog.jsonb_agg(a.attname order by k.at)
          from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, at)
          join column_of a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where k.at <= i.indnkeyatts) as columns
  from pg_catalog.pg_index i
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and (i.indisprimary or i.indimmediate)
    and (i.indisprimary or not exists (
      select
      from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, at)
      join column_of a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where k.at <= i.indnkeyatts and not a.never_null))
  order by i.indrelid, i.indisprimary desc, x.relname
),
parents_of as (
  select h.inhrelid,
         pg_catalog.jsonb_agg(
           pg_catalog.jsonb_build_object('schema', pn.nspname, 'name', p.relname)
           order by h.inhseqno) as relations
  from pg_catalog.pg_inherits h
  join pg_catalog.pg_class p on p.oid = h.inhparent
  join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
  group by h.inhrelid
)
select n.nspname as schema,
       c.relname as name,
       case c.relkind
         when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
         when 'm' then 'materialized view' else 'foreign table' end as kind,
       case c.relpersistence
         when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end as persistence,
       coalesce(k.columns, '[]') as key,
       c.relispartition as is_partition,
       coalesce(h.relations, '[]') as inherits,
       c.reltuples::float8 as rows_estimate,
       case when c.relkind in ('r', 'm') then pg_catalog.pg_total_relation_size(c.oid) else 0 end
         as bytes,
       -- ranges of pages are heap's: other access methods need not have any
       case when a.amname = 'heap' then
         (pg_catalog.pg_relation_size(c.oid)
          / pg_catalog.current_setting('block_size')::int8)::int4 else 0 end as pages,
       c.relrowsecurity as row_security
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am a on a.oid = c.relam
left join key_of k on k.indrelid = c.oid
left join parents_of h on h.inhrelid = c.oid
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname
