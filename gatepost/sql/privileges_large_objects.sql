-- Whose the large objects are, and what was granted on them, in the form of privileges_objects: one
-- row for all that have the same, with their oids as ranges (`16401-16500 16512`), since there may
-- be millions.
-- Order: owner, grants.  No parameters.
with object as (
  select m.oid::bigint as oid,
         m.lomowner as owner,
         -- as text, since lists of grants cannot be sorted
         m.lomacl::text as acl,
         -- the same for neighbours: an oid less its place
         m.oid::bigint - pg_catalog.row_number() over (
           partition by m.lomowner, m.lomacl::text order by m.oid) as run
  from pg_catalog.pg_largeobject_metadata m
),
run as (
  select o.owner, o.acl, pg_catalog.min(o.oid) as first, pg_catalog.max(o.oid) as last
  from object o
  group by o.owner, o.acl, o.run
),
alike as (
  select r.owner,
         r.acl,
         pg_catalog.string_agg(
           case when r.first = r.last then r.first::text else r.first || '-' || r.last end,
           ' ' order by r.first) as oids
  from run r
  group by r.owner, r.acl
)
select pg_catalog.jsonb_build_object(
         'owner', pg_catalog.pg_get_userbyid(l.owner),
         'grants', (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' when l.owner then ''
                        else pg_catalog.pg_get_userbyid(a.grantee) end,
                      pg_catalog.lower(a.privilege_type),
                      a.is_grantable and a.grantee <> l.owner,
                      case a.grantor when l.owner then ''
                        else pg_catalog.pg_get_userbyid(a.grantor) end) as grant
             from pg_catalog.aclexplode(
               coalesce(l.acl::aclitem[], pg_catalog.acldefault('L', l.owner))) a) g),
         'oids', l.oids
       ) as attributes
from alike l
order by pg_catalog.pg_get_userbyid(l.owner), l.acl, l.oids
