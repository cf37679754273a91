-- The roles of the server, and what each is a member of.  Until PostgreSQL 15 a member inherited
-- where its own attribute said so, and could always become the role; since 16 each membership says
-- so, and may be granted by several.
-- `uses`: policies, user mappings or settings within this database name it; owners and grantees are
-- known by what they own and were granted.  `reads`: it is the role that asks this.
-- Those that the server made are there as what others are members of.
-- Order: name.  No parameters.
select r.rolname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'first', case when r.oid = 10 then true end,
         'reads', case when r.rolname = current_user then true end,
         'uses', case when
           exists (
             select from pg_catalog.pg_shdepend d
             join pg_catalog.pg_database b on b.oid = d.dbid
             where b.datname = pg_catalog.current_database()
               and d.refclassid = 'pg_catalog.pg_authid'::regclass and d.refobjid = r.oid)
           or exists (
             select from pg_catalog.pg_db_role_setting s
             join pg_catalog.pg_database b on b.oid = s.setdatabase
             where b.datname = pg_catalog.current_database() and s.setrole = r.oid)
           then true end,
         'superuser', r.rolsuper,
         'inherit', r.rolinherit,
         'createrole', r.rolcreaterole,
         'createdb', r.rolcreatedb,
         'login', r.rolcanlogin,
         'replication', r.rolreplication,
         'bypassrls', r.rolbypassrls,
         'connection limit', r.rolconnlimit,
         -- never, said in either of its two ways, is nothing
         'valid until', case when pg_catalog.isfinite(r.rolvaliduntil)
           then r.rolvaliduntil::text end,
         'member of', (
           select pg_catalog.jsonb_object_agg(m.name, m.options order by m.name)
           from (
             select pg_catalog.pg_get_userbyid(a.roleid) as name,
                    pg_catalog.jsonb_build_object(
                      'admin', pg_catalog.bool_or(a.admin_option),
                      'inherit', pg_catalog.bool_or(coalesce(
                        (pg_catalog.to_jsonb(a) ->> 'inherit_option')::boolean, r.rolinherit)),
                      'set', pg_catalog.bool_or(coalesce(
                        (pg_catalog.to_jsonb(a) ->> 'set_option')::boolean, true))) as options
             from pg_catalog.pg_auth_members a
             where a.member = r.oid
             group by a.roleid) m)
       )) as attributes
from pg_catalog.pg_roles r
where r.rolname !~ '^pg_'
order by r.rolname
