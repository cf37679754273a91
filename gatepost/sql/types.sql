-- What some types are called, and what is at the bottom of them.
-- Order: oid.  Parameters: oids.
select t.oid::int8 as oid,
       pg_catalog.format_type(t.oid, null) as type,
       n.nspname || '.' || t.typname as base,
       t.typtype::text as kind
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where t.oid = any (%(oids)s::oid[])
order by t.oid
