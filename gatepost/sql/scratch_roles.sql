-- The roles of a cluster, without those that every cluster has.
-- Order: name.  No parameters.
select r.rolname
from pg_catalog.pg_roles r
where r.rolname !~ '^pg_'
order by r.rolname
