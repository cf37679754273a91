-- Functions whose bodies the server keeps as text, and knows nothing of what they name: those in
-- SQL and PL/pgSQL that no extension brought.  `tables` are those whose triggers call it; `path` is
-- the search_path that it sets for itself.
-- Order: schema, name, arguments.  No parameters.
select n.nspname as schema,
       p.proname as name,
       pg_catalog.oidvectortypes(p.proargtypes) as arguments,
       p.pronargs::int4 as number,
       l.lanname as language,
       p.prosrc as body,
       pg_catalog.pg_get_functiondef(p.oid) as definition,
       (select pg_catalog.substr(s, 13) from pg_catalog.unnest(p.proconfig) as s
        where pg_catalog.starts_with(s, 'search_path=')) as path,
       (select coalesce(pg_catalog.jsonb_agg(distinct pg_catalog.jsonb_build_array(
                 cn.nspname, c.relname)), '[]')
        from pg_catalog.pg_trigger g
        join pg_catalog.pg_class c on c.oid = g.tgrelid
        join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
        where g.tgfoid = p.oid and not g.tgisinternal) as tables
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where l.lanname in ('sql', 'plpgsql') and p.prokind in ('f', 'p') and p.prosrc <> ''
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by n.nspname, p.proname, 3, 4
