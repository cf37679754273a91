-- What hangs on no relation: schemas, extensions, event triggers; and extended statistics, which
-- have names of their own.
-- Order: kind, schema, name.  No parameters.
select 'schema' as kind,
       '' as schema,
       n.nspname as name,
       '' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'comment', pg_catalog.obj_description(n.oid, 'pg_namespace'))) as attributes
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
union all
select 'extension', '', e.extname, '',
       pg_catalog.jsonb_build_object('version', e.extversion, 'schema', n.nspname)
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
union all
select 'event trigger', '', t.evtname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'event', t.evtevent,
         'function', t.evtfoid::regprocedure::text,
         'tags', (select pg_catalog.jsonb_agg(u.tag order by u.tag collate pg_catalog."C")
                  from pg_catalog.unnest(t.evttags) as u (tag)),
         'enabled', case t.evtenabled
           when 'O' then 'enabled' when 'D' then 'disabled'
           when 'R' then 'replica only' else 'always' end,
         'comment', pg_catalog.obj_description(t.oid, 'pg_event_trigger')))
from pg_catalog.pg_event_trigger t
where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_event_trigger'::regclass and d.objid = t.oid
      and d.deptype = 'e')
union all
select 'statistics', n.nspname, s.stxname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'definition', pg_catalog.pg_get_statisticsobjdef(s.oid),
         'statistics target', nullif(s.stxstattarget, -1),
         'comment', pg_catalog.obj_description(s.oid, 'pg_statistic_ext')))
from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_statistic_ext'::regclass and d.objid = s.oid
      and d.deptype = 'e')
order by kind, schema, name
