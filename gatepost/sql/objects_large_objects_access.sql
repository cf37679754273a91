-- Whether the current role may read large objects as a table whose pages are of 2048 bytes, and,
-- if not, which of them it may not read one by one either.
-- One row.  No parameters.
select x.as_table,
       array(
         select m.oid::bigint
         from pg_catalog.pg_largeobject_metadata m
         where not x.as_table
           and pg_catalog.current_setting('lo_compat_privileges') = 'off'
           and not pg_catalog.pg_has_role(m.lomowner, 'USAGE')
           and not exists (
             select from pg_catalog.aclexplode(m.lomacl) a
             where a.privilege_type = 'SELECT'
               and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'USAGE')))
         order by m.oid) as unreadable
from (
  select pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')
         and pg_catalog.current_setting('block_size') = '8192' as as_table
) as x
