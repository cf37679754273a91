-- What a server bears at this moment: one row.  %(holder)s is the virtual transaction that holds a
-- snapshot, empty for none.
-- active: sessions of others, on the whole server, that run a statement.  Ours are told by name.
-- sees_others: whether this role is shown what sessions of other roles and standbys do; to one
-- that is not, they all look idle.
-- replica_lag on a standby: 0 while it is connected and has replayed all it received, else the
-- time since the last commit that it replayed, or since it started: an upper bound, since others
-- may have written without a commit.  On a primary, the longest that one of its standbys and
-- subscribers needs to replay; NULL where none is behind.  In seconds.
-- `order by` has nothing to order.
select (select pg_catalog.count(*) from pg_catalog.pg_stat_activity as a
        where a.backend_type = 'client backend'
          and a.state in ('active', 'fastpath function call')
          and a.application_name !~ '^gatepost( |$)') as active,
       pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as sees_others,
       exists (select from pg_catalog.pg_locks as l
               where l.locktype = 'virtualxid' and l.virtualxid = %(holder)s) as held,
       (select extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)
        from pg_catalog.pg_locks as l
        join pg_catalog.pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'virtualxid' and l.virtualxid = %(holder)s
          and l.mode = 'ExclusiveLock')::pg_catalog.float8 as snapshot_age,
       pg_catalog.pg_is_in_recovery() as standby,
       (case
          when not pg_catalog.pg_is_in_recovery() then
            (select pg_catalog.max(extract(epoch from coalesce(
               r.replay_lag,
               case when r.state = 'catchup'
                    then pg_catalog.clock_timestamp() - r.backend_start end)))
             from pg_catalog.pg_stat_replication as r where r.state <> 'backup')
          when pg_catalog.pg_last_wal_replay_lsn() >= pg_catalog.pg_last_wal_receive_lsn()
               and exists (select from pg_catalog.pg_stat_wal_receiver) then 0
          else extract(epoch from pg_catalog.clock_timestamp() - coalesce(
                 pg_catalog.pg_last_xact_replay_timestamp(),
                 pg_catalog.pg_postmaster_start_time()))
        end)::pg_catalog.float8 as replica_lag
order by 1
