-- What each mapped query takes of the staged source, as the server understood it.  The path is
-- empty where a query names a view, and where it takes of it what is no field.
-- Order: query, view, path.  No parameters.
select distinct
       v.relname as query,
       s.relname as view,
       coalesce(
         (select pg_catalog.min(g.collection) from gatepost.columns g where g.view = s.relname),
         s.relname) as collection,
       coalesce(g.path, '') as path
from pg_catalog.pg_class v
join pg_catalog.pg_namespace vn on vn.oid = v.relnamespace and vn.nspname = 'mapped'
join pg_catalog.pg_rewrite r on r.ev_class = v.oid
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
  and d.refclassid = 'pg_catalog.pg_class'::regclass
join pg_catalog.pg_class s on s.oid = d.refobjid
join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace and sn.nspname = 'staged'
left join pg_catalog.pg_attribute a on a.attrelid = s.oid and a.attnum = d.refobjsubid
  and d.refobjsubid > 0
left join gatepost.columns g on g.view = s.relname and g.column_name = a.attname
order by v.relname, s.relname, 4
