-- Whether there is a role %(role)s here that ours may make the owner of a database.  One row.
select coalesce(
  (
    select pg_catalog.pg_has_role(
      r.oid,
      case
        when pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 160000
        then 'SET'
        else 'MEMBER'
      end
    )
    from pg_catalog.pg_roles r
    where r.rolname = %(role)s
  ),
  false
) as may
order by 1;
