-- Whether this database is a staged source, and all of it: the mark is set once the last collection,
-- view and query is there.  No parameters but the mark's text; one row, so the order is no matter.
select coalesce(pg_catalog.shobj_description(d.oid, 'pg_database') = %(mark)s, false) as whole
from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
order by 1
