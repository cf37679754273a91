-- What is said of each column, of which the defaults are left out: storage and collation only
-- where they are not the type's own, options without pg_attver, which Debian's 15.20 writes there.
-- PostgreSQL 17 made "no statistics target" NULL, 18 made NOT NULL a constraint that may be not
-- yet valid or not inherited.
-- Order: schema, relation, position.  No parameters.
with
not_null as (
  select k.conrelid, k.conkey[1] as attnum, k.convalidated, k.connoinherit, k.conname,
         pg_catalog.obj_description(k.oid, 'pg_constraint') as comment
  from pg_catalog.pg_constraint k
  where k.contype = 'n'
)
select n.nspname as schema,
       c.relname as relation,
       a.attname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
         'nullable', not a.attnotnull,
         'not null validated', case when not nn.convalidated then false end,
         'not null inherited', case when nn.connoinherit then false end,
         -- up to PostgreSQL 17 it has no name, and most have one that the server made
         'not null name', case when nn.conname !~ '_not_null[0-9]*$' then nn.conname end,
         'not null comment', nn.comment,
         'default', case when a.attgenerated = '' then
           pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
         'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
         'generated', case when a.attgenerated <> '' then
           pg_catalog.pg_get_expr(d.adbin, d.adrelid)
           || case a.attgenerated when 's' then ' stored' else ' virtual' end end,
         'collation', case when a.attcollation not in (0, t.typcollation) then
           cn.nspname || '.' || co.collname end,
         'storage', case when a.attstorage <> t.typstorage then
           case a.attstorage when 'p' then 'plain' when 'e' then 'external'
             when 'm' then 'main' else 'extended' end end,
         'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
         'statistics target', nullif(a.attstattarget, -1),
         'options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                     from pg_catalog.unnest(a.attoptions) as o
                     where o not like 'pg\_attver=%'),
         'foreign options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                             from pg_catalog.unnest(a.attfdwoptions) as o),
         'local', case when not a.attislocal and not c.relispartition then false end,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join not_null nn on nn.conrelid = a.attrelid and nn.attnum = a.attnum
left join pg_catalog.pg_collation co on co.oid = a.attcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_class'::regclass
  and de.objoid = a.attrelid and de.objsubid = a.attnum
where a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, a.attnum
