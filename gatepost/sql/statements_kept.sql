-- Where pg_stat_statements is, and who asks: one row.
-- The schema of the extension is null where this database does not have it.
select (
    select n.nspname::pg_catalog.text
    from pg_catalog.pg_extension e
      join pg_catalog.pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements'
  ) as schema,
  current_user::pg_catalog.text as asks
order by 1
