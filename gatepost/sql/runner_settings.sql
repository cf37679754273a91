-- ALTER DATABASE ... SET and ALTER ROLE ... IN DATABASE ... SET of the database %(name)s, by role.
-- An empty role stands for all.  setconfig holds one 'name=value' an entry.
select
  coalesce(r.rolname::pg_catalog.text, '') as role,
  pg_catalog.split_part(entry.given, '=', 1) as name,
  pg_catalog.substr(entry.given, pg_catalog.strpos(entry.given, '=') + 1) as value
from pg_catalog.pg_db_role_setting s
join pg_catalog.pg_database d on d.oid = s.setdatabase
left join pg_catalog.pg_roles r on r.oid = s.setrole
cross join lateral pg_catalog.unnest(s.setconfig) as entry(given)
where d.datname = %(name)s
order by 1, 2;
