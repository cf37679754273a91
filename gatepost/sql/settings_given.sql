-- ALTER DATABASE ... SET of this database and ALTER ROLE ... SET, in this database or in all.
-- An empty role stands for all roles; `here` is false for what holds in every database.
-- setconfig holds one 'name=value' an entry.  Order: role, here, name.  No parameters.
select coalesce(r.rolname::pg_catalog.text, '') as role,
       s.setdatabase <> 0 as here,
       pg_catalog.lower(pg_catalog.split_part(entry.given, '=', 1)) as name,
       pg_catalog.substr(entry.given, pg_catalog.strpos(entry.given, '=') + 1) as value
from pg_catalog.pg_db_role_setting s
left join pg_catalog.pg_roles r on r.oid = s.setrole
cross join lateral pg_catalog.unnest(s.setconfig) as entry(given)
where s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database()))
  and (s.setrole = 0 or r.oid is not null)
order by 1, 2, 3
