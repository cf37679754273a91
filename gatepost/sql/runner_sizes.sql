-- The bytes that the database %(name)s takes; -1 where our role may not ask.  One row.
select
  case
    when pg_catalog.has_database_privilege(d.oid, 'CONNECT')
    then pg_catalog.pg_database_size(d.oid)
    else -1
  end as bytes
from pg_catalog.pg_database d
where d.datname = %(name)s
order by 1;
