-- What the database itself declares: how its text is stored, ordered and spelled.
-- One row.  No parameters.
select pg_catalog.jsonb_build_object(
         'encoding', pg_catalog.pg_encoding_to_char(d.encoding)) as attributes
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
order by d.datname
