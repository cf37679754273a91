-- Whether the backend %(pid)s holds the advisory lock of the bigint %(key)s.  One row.
select
  exists (
    select
    from pg_catalog.pg_locks l
    where l.locktype = 'advisory'
      and l.granted
      and l.objsubid = 1
      and l.pid = %(pid)s
      and (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = %(key)s::pg_catalog.int8
  ) as held
order by 1;
