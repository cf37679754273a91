-- Every type but those of rows, and whether its values become text, and are read from it, by
-- functions that always say the same.
-- Order: schema, name.  No parameters.
select n.nspname as schema,
       t.typname as name,
       i.provolatile = 'i' and o.provolatile = 'i' as steady
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
join pg_catalog.pg_proc i on i.oid = t.typinput::pg_catalog.oid
join pg_catalog.pg_proc o on o.oid = t.typoutput::pg_catalog.oid
where t.typrelid = 0 or exists (
  select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')
order by n.nspname, t.typname
