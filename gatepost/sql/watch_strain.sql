-- How close this server is to refusing sessions, and who waits longest for a lock in this database.
-- One row: connections in use, the most that others than superusers get, seconds of the longest
-- wait (0 for none), and the process that waits.
with waiting as (
  select
    a.pid,
    coalesce(
      (pg_catalog.to_jsonb(l) ->> 'waitstart')::pg_catalog.timestamptz,
      a.query_start
    ) as since
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid = l.pid
  where not l.granted and a.datname = pg_catalog.current_database()
), longest as (
  select w.pid, extract(epoch from pg_catalog.clock_timestamp() - w.since) as seconds
  from waiting w
  where w.since is not null
  order by w.since
  limit 1
)
select
  (
    select pg_catalog.count(*)
    from pg_catalog.pg_stat_activity a
    where a.datid is not null and coalesce(a.backend_type, 'client backend') = 'client backend'
  )::pg_catalog.int4 as used,
  (
    pg_catalog.current_setting('max_connections')::pg_catalog.int4
    - pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.int4
  ) as most,
  coalesce((select l.seconds from longest l), 0)::pg_catalog.float8 as waits,
  coalesce((select l.pid from longest l), 0) as pid
order by 1;
