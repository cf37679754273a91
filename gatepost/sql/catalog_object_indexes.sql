-- Indexes that no constraint owns.  The definition is what follows USING in CREATE INDEX, so that
-- one of another name can be recognised by it.
-- Order: schema, relation, name.  No parameters.
select n.nspname as schema,
       c.relname as relation,
       x.relname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'definition', case when i.indisunique then 'unique ' else '' end
           || pg_catalog.substr(pg_catalog.pg_get_indexdef(i.indexrelid), 1 + pg_catalog.length(
             pg_catalog.format('CREATE %sINDEX %I ON %s%I.%I USING ',
               case when i.indisunique then 'UNIQUE ' end, x.relname,
               case x.relkind when 'I' then 'ONLY ' end, n.nspname, c.relname))),
         'valid', i.indisvalid,
         'ready', i.indisready,
         'clustered', case when i.indisclustered then true end,
         'replica identity', case when i.indisreplident then true end,
         'part of the parent''s index', case when c.relispartition then x.relispartition end,
         'tablespace', ts.spcname,
         -- by number: the name of an index's column may be another after a restore
         'statistics targets', (
           select pg_catalog.jsonb_object_agg(a.attnum::text, a.attstattarget)
           from pg_catalog.pg_attribute a
           where a.attrelid = x.oid and a.attstattarget >= 0),
         'comment', de.description
       )) as attributes
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_tablespace ts on ts.oid = x.reltablespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_class'::regclass and de.objoid = x.oid and de.objsubid = 0
where not exists (
    select from pg_catalog.pg_constraint k
    where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, x.relname
