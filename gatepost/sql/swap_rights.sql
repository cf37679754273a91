-- What the current role may do to databases: one row.  Parameter: name, of the target's database.
-- owns is null where that database does not exist.
-- may_end_sessions: superusers end everyone's, pg_signal_backend those of ordinary roles, and the
-- owner's own members those of the owner.
select r.rolname::pg_catalog.text as role,
       r.rolsuper as superuser,
       r.rolcreatedb or r.rolsuper as may_create,
       (select pg_catalog.pg_has_role(d.datdba, 'USAGE') from pg_catalog.pg_database as d
        where d.datname = %(name)s) as owns,
       (select pg_catalog.pg_get_userbyid(d.datdba)::pg_catalog.text from pg_catalog.pg_database as d
        where d.datname = %(name)s) as owner,
       r.rolsuper or pg_catalog.pg_has_role('pg_signal_backend', 'USAGE') as may_end_sessions
from pg_catalog.pg_roles as r
where r.rolname = current_user
order by 1
