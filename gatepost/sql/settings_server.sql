-- What every setting of the server is for a session that has set nothing itself, and where that
-- comes from.  Order: name.  No parameters.
-- Asked after `reset all`: only then does source say where the value of a new session comes from.
-- Of what no session can set, what %(names)s holds.
select pg_catalog.lower(s.name) as name,
       pg_catalog.current_setting(s.name) as value,
       s.source,
       s.vartype as type,
       coalesce(s.unit, '') as unit,
       coalesce(s.boot_val, '') as built_in
from pg_catalog.pg_settings s
where s.context in ('user', 'superuser') or pg_catalog.lower(s.name) = any (%(names)s::pg_catalog.text[])
order by 1
