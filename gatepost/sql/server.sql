-- What a server says of itself and of this database: one row.
-- read_only_default is the reset value: our own sessions have set theirs to `on`.
-- free_connections leaves out those that only superusers may take.
select pg_catalog.current_setting('server_version') as version,
       pg_catalog.current_setting('server_version_num')::pg_catalog.int4 as number,
       pg_catalog.pg_is_in_recovery() as standby,
       pg_catalog.current_setting('max_connections')::pg_catalog.int4
         - pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.int4
         - (select pg_catalog.count(*) from pg_catalog.pg_stat_activity as a
            where a.backend_type = 'client backend') as free_connections,
       pg_catalog.current_setting('server_encoding') as encoding,
       coalesce((select s.reset_val from pg_catalog.pg_settings as s
                 where s.name = 'default_transaction_read_only'), 'off') as read_only_default,
       exists (select from pg_catalog.pg_db_role_setting as r, pg_catalog.unnest(r.setconfig) as c
               where r.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d
                                           where d.datname = pg_catalog.current_database()))
                 and c = 'default_transaction_read_only=on') as made_read_only
order by 1
