-- What can be granted and asked here: one row.  known: what there is to grant on a table, where
-- MAINTAIN came with PostgreSQL 17; parameters: whether settings can be granted, since 15;
-- passwords: whether this role may see who has one.
select pg_catalog.current_setting('server_version_num')::integer as version,
       (select pg_catalog.jsonb_agg(pg_catalog.lower(a.privilege_type) order by 1)
        from pg_catalog.aclexplode(pg_catalog.acldefault('r', 10)) a) as known,
       pg_catalog.to_regclass('pg_catalog.pg_parameter_acl') is not null as parameters,
       pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') as passwords
order by 1
