-- How far the subscriptions of this database have got: one row each, by name.
-- told is what the apply worker last answered to a keepalive, as a position of the publisher.  It
-- is read between two transactions, and the publisher sends one whenever it has nothing else to
-- send, so it passes what is not published too.  received_lsn is of no use: it moves before the
-- change is applied.  NULL without a worker.
-- copying: the tables whose first copy has not been handed to that worker yet.
select s.subname::pg_catalog.text as name,
       s.subenabled as enabled,
       w.pid is not null as working,
       w.latest_end_lsn::pg_catalog.text as told,
       (select pg_catalog.count(*) from pg_catalog.pg_subscription_rel as r
        where r.srsubid = s.oid and r.srsubstate <> 'r') as copying
from pg_catalog.pg_subscription as s
left join pg_catalog.pg_stat_subscription as w
  on w.subid = s.oid and w.relid is null
     -- since 16 there are helpers of that worker too
     and pg_catalog.to_jsonb(w) ->> 'leader_pid' is null
where s.subdbid = (select d.oid from pg_catalog.pg_database as d
                   where d.datname = pg_catalog.current_database())
order by 1
