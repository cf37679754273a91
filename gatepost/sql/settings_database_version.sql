-- The version of the library that orders the text of this database: one row, NULL where none
-- has a version.  PostgreSQL 15 and later; before that a database recorded none.  No parameters.
select pg_catalog.pg_database_collation_actual_version(d.oid) as actual
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
order by 1
