-- What was granted on settings of the server, in the form of privileges_objects: PostgreSQL 15 and
-- later.  They belong to the superuser that initdb made.
-- Order: name.  No parameters.
select p.parname as name,
       pg_catalog.jsonb_build_object(
         'owner', pg_catalog.pg_get_userbyid(10),
         'grants', (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' when 10 then ''
                        else pg_catalog.pg_get_userbyid(a.grantee) end,
                      pg_catalog.lower(a.privilege_type),
                      a.is_grantable and a.grantee <> 10,
                      case a.grantor when 10 then ''
                        else pg_catalog.pg_get_userbyid(a.grantor) end) as grant
             from pg_catalog.aclexplode(p.paracl) a) g),
         'initial', (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      '', pg_catalog.lower(a.privilege_type), false, '') as grant
             from pg_catalog.aclexplode(pg_catalog.acldefault('p', 10)) a) g)
       ) as attributes
from pg_catalog.pg_parameter_acl p
order by p.parname
