-- Every index and its state: `valid`, `invalid` (a failed CREATE INDEX CONCURRENTLY, or one of a
-- partitioned table that a partition has no part of) or `not ready`.
-- Order: name.  No parameters.
select pg_catalog.jsonb_build_array(n.nspname, c.relname) as relation,
       'index ' || x.relname as what,
       case when not i.indisvalid then 'invalid'
         when not i.indisready then 'not ready' else 'valid' end as state
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, x.relname
