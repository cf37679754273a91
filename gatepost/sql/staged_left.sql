-- Databases that staging made and never finished, and that nobody is in: their maker was killed.
-- Order: name.  Parameters: the names' beginning as a pattern, the text that marks an unfinished one.
select d.datname as name
from pg_catalog.pg_database d
where d.datname like %(named)s
  and pg_catalog.shobj_description(d.oid, 'pg_database') = %(unfinished)s
  and not exists (
    select from pg_catalog.pg_stat_activity a where a.datid = d.oid)
order by d.datname
