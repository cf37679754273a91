-- The invalid indexes of the database, by schema and name: what a CREATE INDEX CONCURRENTLY that
-- failed leaves behind.  One of a partitioned table is invalid until all of its parts are attached,
-- and is never made concurrently.  No parameters.
select
  n.nspname::pg_catalog.text as schema,
  c.relname::pg_catalog.text as name
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not i.indisvalid and c.relkind = 'i'
order by n.nspname, c.relname;
