-- Who waits for a lock of the process %(holder)s: what they would write comes after our snapshot.  By
-- process id; but for the prober, which gives up and looks for its canaries afterwards.
select
  a.pid,
  coalesce(a.usename::pg_catalog.text, a.backend_type) as role,
  coalesce(a.application_name, '') as application
from pg_catalog.pg_stat_activity a
where %(holder)s = any (pg_catalog.pg_blocking_pids(a.pid))
  and coalesce(a.application_name, '') !~ '^gatepost (\S+ )?prober$'
order by 1;
