-- Where a server stands in the write-ahead log: one row.
-- lsn on a primary is where the next record will be inserted, not what is written or flushed: a
-- commit with synchronous_commit off is visible before it is either.  On a standby it is the end
-- of the last record that was replayed.
-- origins: whether this role may see how far subscriptions have got by what they committed.
-- block and segment, in bytes, tell where page headers lie.  `order by` has nothing to order.
select pg_catalog.pg_is_in_recovery() as standby,
       case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
            else pg_catalog.pg_current_wal_insert_lsn() end::pg_catalog.text as lsn,
       case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_is_wal_replay_paused()
            else false end as paused,
       pg_catalog.has_table_privilege('pg_catalog.pg_replication_origin_status', 'select')
         as origins,
       pg_catalog.current_setting('wal_block_size')::pg_catalog.int8 as block,
       pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')) as segment
order by 1
