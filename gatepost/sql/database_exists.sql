-- Whether a database of that name is on this server: one row.  Parameter: name.
select exists (
    select from pg_catalog.pg_database as d where d.datname = %(name)s
) as there
order by 1
