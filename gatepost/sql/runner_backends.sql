-- The sessions of the run %(label)s on this server, this one excepted, by process id.  Each says
-- whose it is in its application name: `gatepost LABEL` and what it does.
select
  a.pid,
  coalesce(a.usename::pg_catalog.text, a.backend_type) as role,
  a.application_name as application
from pg_catalog.pg_stat_activity a
where (
    a.application_name = 'gatepost ' || %(label)s
    or pg_catalog.starts_with(a.application_name, 'gatepost ' || %(label)s || ' ')
  )
  and a.pid <> pg_catalog.pg_backend_pid()
order by 1;
