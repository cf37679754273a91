-- What a server is, and what our role may do on it.  One row.
select
  (select system_identifier::pg_catalog.text from pg_catalog.pg_control_system())
    as system_identifier,
  pg_catalog.current_setting('server_version_num')::pg_catalog.int4 as number,
  pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version,
  pg_catalog.pg_is_in_recovery() as standby,
  r.rolname::pg_catalog.text as role,
  r.rolsuper as superuser,
  r.rolsuper or r.rolcreatedb as may_create,
  -- Since 14, and not on every platform: whether a backend can look if its client lives.
  pg_catalog.current_setting('client_connection_check_interval', true) is not null
    and pg_catalog.version() like '%linux%' as sees_clients
from pg_catalog.pg_roles r
where r.rolname = current_user
order by r.rolname;
