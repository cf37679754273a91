-- Every table and materialised view that holds something, and whether the planner knows what.
-- The number of rows alone is no witness: building an index counts them as well.  pg_stats says
-- nothing of tables that the role may not read.
-- Order: name.  No parameters.
select pg_catalog.jsonb_build_array(n.nspname, c.relname) as relation,
       'planner statistics' as what,
       case
         when not pg_catalog.has_table_privilege(c.oid, 'select')
           or pg_catalog.row_security_active(c.oid) then 'hidden from this role'
         when c.reltuples >= 0 and exists (
           select from pg_catalog.pg_stats s
           where s.schemaname = n.nspname and s.tablename = c.relname) then 'present'
         else 'absent' end as state
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.relnatts > 0 and c.reltuples <> 0
  and pg_catalog.pg_relation_size(c.oid) > 0
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
