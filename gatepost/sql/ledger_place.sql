-- Which database this is, as long as it is not made anew: one row, one value.
-- A database that was dropped and made again has another oid, and a history of its own.
select (select s.system_identifier::pg_catalog.text from pg_catalog.pg_control_system() as s)
       || ' ' || d.oid::pg_catalog.text as place
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database()
order by 1
