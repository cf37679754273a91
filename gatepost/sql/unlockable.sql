-- Tables that the current role may not lock against writers, in the order of their names.
-- LOCK TABLE ... IN SHARE MODE takes a right to write or, since 17, MAINTAIN; every right to write
-- allows it, so the newer privilege is asked for only where the server knows it.
select n.nspname as schema, c.relname as name
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not (pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
           or pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 170000
              and case when pg_catalog.current_setting('server_version_num')::pg_catalog.int4
                            >= 170000
                       then pg_catalog.has_table_privilege(c.oid, 'MAINTAIN') end)
order by n.nspname, c.relname
