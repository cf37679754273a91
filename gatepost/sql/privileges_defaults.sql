-- What new objects of a role will be granted, in the form of privileges_objects.  Without a schema
-- the list stands for the server's own default, which is `initial` here; with one, it adds to it.
-- Order: role, schema, kind of object.  No parameters.
select pg_catalog.pg_get_userbyid(d.defaclrole) as role,
       coalesce(n.nspname, '') as schema,
       o.kind,
       pg_catalog.jsonb_build_object(
         'owner', pg_catalog.pg_get_userbyid(d.defaclrole),
         'grants', (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' when d.defaclrole then ''
                        else pg_catalog.pg_get_userbyid(a.grantee) end,
                      pg_catalog.lower(a.privilege_type),
                      a.is_grantable and a.grantee <> d.defaclrole,
                      case a.grantor when d.defaclrole then ''
                        else pg_catalog.pg_get_userbyid(a.grantor) end) as grant
             from pg_catalog.aclexplode(d.defaclacl) a) g),
         'initial', (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' else '' end,
                      pg_catalog.lower(a.privilege_type), false, '') as grant
             from pg_catalog.aclexplode(case d.defaclnamespace when 0
               then pg_catalog.acldefault(o.sort::"char", d.defaclrole) end) a) g)
       ) as attributes
from pg_catalog.pg_default_acl d
join (values ('r', 'r', 'tables'), ('S', 's', 'sequences'), ('f', 'f', 'functions'),
             ('T', 'T', 'types'), ('n', 'n', 'schemas'), ('L', 'L', 'large objects')
) as o (letter, sort, kind) on o.letter = d.defaclobjtype::text
left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
order by role, schema, o.kind
