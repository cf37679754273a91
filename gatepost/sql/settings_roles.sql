-- The roles that this database uses: whose something in it is, or it itself, who were granted
-- something, and whoever is a member of one of these, at any distance.  Order: name.
-- Our own role is none of them for having been granted what it reads.  No parameters.
with recursive used as (
  select d.refobjid as role
  from pg_catalog.pg_shdepend d
  join pg_catalog.pg_database b on b.datname = pg_catalog.current_database()
  join pg_catalog.pg_roles r on r.oid = d.refobjid
  where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    and (d.dbid = b.oid or (d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass
                            and d.objid = b.oid))
    and (d.deptype = 'o' or r.rolname <> session_user)
  union
  -- The role that initdb made is pinned, and its belongings are in no pg_shdepend.
  select b.datdba from pg_catalog.pg_database b
  where b.datname = pg_catalog.current_database()
  union
  select m.member from pg_catalog.pg_auth_members m join used on used.role = m.roleid
)
select r.rolname::pg_catalog.text as name
from pg_catalog.pg_roles r
where r.oid in (select used.role from used)
order by 1
