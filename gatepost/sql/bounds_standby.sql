-- What a standby does when replay needs something that a reader holds: one row.
-- delay, in milliseconds, is the one for where its log comes from: -1 for no end.
-- `order by` has nothing to order.
select pg_catalog.pg_is_in_recovery() as standby,
       pg_catalog.current_setting('hot_standby_feedback')::pg_catalog.bool as feedback,
       s.name as setting,
       s.setting::pg_catalog.int8 as delay
from pg_catalog.pg_settings as s
where s.name = case when exists (select from pg_catalog.pg_stat_wal_receiver)
                    then 'max_standby_streaming_delay' else 'max_standby_archive_delay' end
order by 1
