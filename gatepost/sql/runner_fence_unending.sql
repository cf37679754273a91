-- The roles, but for %(allowed)s, with a session in this database that our role may not end, by name.
select distinct a.usename::pg_catalog.text as role
from pg_catalog.pg_stat_activity a
join pg_catalog.pg_roles r on r.oid = a.usesysid
join pg_catalog.pg_roles me on me.rolname = current_user
where a.datname = pg_catalog.current_database()
  and a.usename::pg_catalog.text <> all (%(allowed)s::pg_catalog.text[])
  and not me.rolsuper
  and (
    r.rolsuper
    or not (
      pg_catalog.pg_has_role(r.oid, 'USAGE')
      or pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')
    )
  )
order by 1;
