-- Relations of some names, whoever they belong to: extensions and the system among others.
-- Order: schema, name.  Parameters: names.
select n.nspname as schema, c.relname as name
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relname = any (%(names)s::pg_catalog.name[])
  and c.relpersistence <> 't'
order by n.nspname, c.relname
