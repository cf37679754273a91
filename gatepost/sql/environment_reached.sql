-- Where a session of the application has come to: one row.
-- Parameters: schema, the one that its address names, or the empty text.
-- Asked through poolers too, so it counts on no setting, time zone and style of dates among them;
-- `order by` has nothing to order.
select (select s.system_identifier::pg_catalog.text from pg_catalog.pg_control_system() as s)
           as system_identifier,
       pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_postmaster_start_time()),
                          'YYYY-MM-DD HH24:MI:SS.US') as started,
       pg_catalog.pg_is_in_recovery() as standby,
       pg_catalog.current_database()::pg_catalog.text as database,
       session_user::pg_catalog.text as role,
       pg_catalog.pg_backend_pid() as backend,
       exists (
           select from pg_catalog.pg_namespace as n
            where n.nspname::pg_catalog.text operator(pg_catalog.=) %(schema)s::pg_catalog.text
       ) as has_schema
 order by 1
