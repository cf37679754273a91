-- Whose each schema is.
-- Order: name.  No parameters.
select 'schema ' || n.nspname as identity,
       'schema' as kind,
       pg_catalog.jsonb_build_object('owner', r.rolname) as attributes
from pg_catalog.pg_namespace n
join pg_catalog.pg_roles r on r.oid = n.nspowner
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname
