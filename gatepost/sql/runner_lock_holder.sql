-- Who holds the advisory lock of the bigint %(key)s, kept as its two halves, by when they came.
select
  coalesce(a.usename::pg_catalog.text, '') as role,
  coalesce(pg_catalog.host(a.client_addr), 'this machine') as address,
  pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') as since
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory'
  and l.granted
  and l.objsubid = 1
  and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = %(key)s::pg_catalog.int8
order by a.backend_start;
