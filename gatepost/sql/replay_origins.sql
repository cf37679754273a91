-- The end of the last transaction that each subscription of this database committed, as a position
-- of the publisher: by name.  Only superusers may read it unless it was granted.
select s.subname::pg_catalog.text as name, o.remote_lsn::pg_catalog.text as lsn
from pg_catalog.pg_subscription as s
join pg_catalog.pg_replication_origin_status as o
  on o.external_id = 'pg_' || s.oid::pg_catalog.text
where s.subdbid = (select d.oid from pg_catalog.pg_database as d
                   where d.datname = pg_catalog.current_database())
order by 1
