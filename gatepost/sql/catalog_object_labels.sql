-- Security labels, and the comments of large objects, which nobody else tells.
-- Order: kind, arguments.  No parameters.
select 'security label' as kind,
       '' as schema,
       '' as name,
       'on ' || o.type || ' ' || o.identity as arguments,
       pg_catalog.jsonb_object_agg(l.provider, l.label) as attributes
from pg_catalog.pg_seclabel l
cross join lateral
  pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) as i(type, schema, name, identity)
-- 17 and later write json, of all types of pg_catalog, without its schema.
cross join lateral (
  select i.type,
         pg_catalog.regexp_replace(i.identity, '\mpg_catalog\.json\M', 'json', 'g') as identity
) as o
where o.identity is not null
group by o.type, o.identity
union all
select 'large object', '', m.oid::text, '',
       pg_catalog.jsonb_build_object('comment', d.description)
from pg_catalog.pg_largeobject_metadata m
join pg_catalog.pg_description d
  on d.classoid = 'pg_catalog.pg_largeobject'::regclass and d.objoid = m.oid
order by kind, arguments, name
