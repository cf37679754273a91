-- Tables and sequences of this database that the current role may not read, or not wholly:
-- one row each, in the order of their names.
-- A policy hides rows from everyone but the owner (unless forced), superusers and BYPASSRLS.
select n.nspname as schema,
       c.relname as name,
       case when c.relkind = 'S'
            then pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
            else pg_catalog.has_table_privilege(c.oid, 'SELECT') end
         and pg_catalog.has_schema_privilege(n.oid, 'USAGE') as readable,
       c.relrowsecurity and pg_catalog.row_security_active(c.oid) as filtered
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm', 'S')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
           and case when c.relkind = 'S'
                    then pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
                    else pg_catalog.has_table_privilege(c.oid, 'SELECT')
                         and not pg_catalog.row_security_active(c.oid) end)
order by n.nspname, c.relname
