-- Who of others is in this database, and what else may still write to it: the sessions of clients and
-- of workers that write for somebody, but for the processes %(ours)s and the roles %(allowed)s, and
-- prepared transactions, which have no process.  What the server does for itself is left out.  By
-- process id.  The prober is left out: what it writes is a canary, and is looked for afterwards.
select
  a.pid,
  coalesce(a.usename::pg_catalog.text, a.backend_type) as role,
  coalesce(a.application_name, '') as application
from pg_catalog.pg_stat_activity a
where a.datname = pg_catalog.current_database()
  and a.backend_type not in ('autovacuum worker', 'parallel worker', 'walsender')
  and a.pid <> pg_catalog.pg_backend_pid()
  and coalesce(a.application_name, '') !~ '^gatepost (\S+ )?prober$'
  and a.pid <> all (%(ours)s::pg_catalog.int4[])
  and coalesce(a.usename::pg_catalog.text, '') <> all (%(allowed)s::pg_catalog.text[])
union all
select 0, x.owner::pg_catalog.text, 'prepared transaction ' || x.gid
from pg_catalog.pg_prepared_xacts x
where x.database = pg_catalog.current_database()
order by 1, 2, 3;
