-- Temporary tables of all sessions but ours: their names are seen, their rows are not.
-- Order: schema, name.  No parameters.
select n.nspname as schema, c.relname as name
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relpersistence = 't' and c.relkind in ('r', 'p')
  and c.relnamespace <> pg_catalog.pg_my_temp_schema()
order by n.nspname, c.relname
