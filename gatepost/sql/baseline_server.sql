-- How far a server has written, or as a standby replayed, its encoding, the settings named in
-- %(settings)s and the versions of those collations whose order a library decides: one row.
-- `order by` has nothing to order.
select pg_catalog.current_setting('server_encoding') as encoding,
       case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
            else pg_catalog.pg_current_wal_lsn() end::pg_catalog.text as lsn,
       (select pg_catalog.jsonb_object_agg(pg_catalog.lower(s.name), s.setting)
        from pg_catalog.pg_settings s
        where pg_catalog.lower(s.name) = any (%(settings)s::pg_catalog.text[])) as settings,
       (select coalesce(pg_catalog.jsonb_object_agg(
                 c.collnamespace::pg_catalog.regnamespace::pg_catalog.text || '.' || c.collname,
                 c.collversion), '{}')
        from pg_catalog.pg_collation c
        where c.collversion is not null
          and (c.oid >= 16384
               or c.collname = (select d.datcollate from pg_catalog.pg_database d
                                where d.datname = pg_catalog.current_database()))) as collations
order by 1
