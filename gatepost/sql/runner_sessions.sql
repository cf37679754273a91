-- The sessions in the databases %(names)s, ours here excepted, and what else keeps a rename away
-- (a prepared transaction has no process).  By process id.
select
  a.pid,
  coalesce(a.usename::pg_catalog.text, a.backend_type) as role,
  coalesce(a.application_name, '') as application
from pg_catalog.pg_stat_activity a
where a.datname::pg_catalog.text = any(%(names)s) and a.pid <> pg_catalog.pg_backend_pid()
union all
select 0, x.owner::pg_catalog.text, 'prepared transaction ' || x.gid
from pg_catalog.pg_prepared_xacts x
where x.database::pg_catalog.text = any(%(names)s)
order by 1, 2, 3;
