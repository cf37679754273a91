-- The rights that were granted on the database %(name)s, by role and right; none where nobody
-- ever changed the defaults.  An empty role stands for PUBLIC.
select
  coalesce(r.rolname::pg_catalog.text, '') as role,
  a.privilege_type as privilege,
  a.is_grantable as grantable
from pg_catalog.pg_database d
cross join lateral pg_catalog.aclexplode(d.datacl) a
left join pg_catalog.pg_roles r on r.oid = a.grantee
where d.datname = %(name)s
order by 1, 2, 3;
