-- The sessions that hold an advisory lock of one key in this database, in the order of their pids.
-- Parameter: key, a bigint.
select a.pid, a.application_name
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and (l.classid::pg_catalog.int8 << 32 | l.objid::pg_catalog.int8) = %(key)s
order by a.pid
