-- Who waits for a lock of the process %(holder)s: what they would write comes after our snapshot.  By
-- process id.
select
  a.pid,
  coalesce(a.usename::pg_catalog.text, a.backend_type) as role,
  coalesce(a.application_name, '') as application
from pg_catalog.pg_stat_activity a
where %(holder)s = any (pg_catalog.pg_blocking_pids(a.pid))
order by 1;
