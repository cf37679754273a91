-- Whether the role %(role)s, or PUBLIC where it is empty, was granted CONNECT on the database %(name)s,
-- and may hand it on.  A list that was never touched is what a new database has.  One row.
select
  coalesce(pg_catalog.bool_or(true), false) as held,
  coalesce(pg_catalog.bool_or(a.is_grantable), false) as grantable
from pg_catalog.pg_database d
cross join lateral pg_catalog.aclexplode(
  coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))
) a
left join pg_catalog.pg_roles r on r.oid = a.grantee
where d.datname = %(name)s
  and a.privilege_type = 'CONNECT'
  and coalesce(r.rolname::pg_catalog.text, '') = %(role)s
order by 1;
