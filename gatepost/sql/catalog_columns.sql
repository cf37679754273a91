-- The living columns of every relation that has rows or shows rows.  `base` is the type at the
-- bottom of domains; `element` that of an array's elements, again below domains.
-- Order: schema, relation, position.  No parameters.
with recursive
bottom as (
  select t.oid, t.oid as base
  from pg_catalog.pg_type t
  where t.typtype <> 'd'
  union all
  select t.oid, b.base
  from pg_catalog.pg_type t
  join bottom b on b.oid = t.typbasetype
  where t.typtype = 'd'
)
select n.nspname as schema,
       c.relname as relation,
       a.attname as name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
       tn.nspname || '.' || t.typname as base,
       t.typtype::text as kind,
       coalesce(en.nspname || '.' || e.typname, '') as element,
       a.attnotnull as not_null,
       case when a.attgenerated = '' then
         coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') else '' end as "default",
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' else '' end as identity,
       case when a.attgenerated = '' then '' else
         pg_catalog.pg_get_expr(d.adbin, d.adrelid)
         || case a.attgenerated when 's' then ' stored' else ' virtual' end end as generated,
       -- only where it is not the type's own
       case when a.attcollation in (0, own.typcollation) then ''
         else cn.nspname || '.' || co.collname end as collation,
       -- built-in casts to text are exact; whoever made one of his own need not have cared
       exists (
         select from pg_catalog.pg_cast x
         where x.castsource = t.oid and x.casttarget = 'pg_catalog.text'::regtype
           and x.castmethod = 'f' and x.oid >= 16384) as own_cast,
       pg_catalog.row_number() over (partition by c.oid order by a.attnum) as position
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type own on own.oid = a.atttypid
join bottom b on b.oid = a.atttypid
join pg_catalog.pg_type t on t.oid = b.base
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join bottom eb on eb.oid = t.typelem
  and t.typsubscript = 'pg_catalog.array_subscript_handler'::regproc
left join pg_catalog.pg_type e on e.oid = eb.base
left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_collation co on co.oid = a.attcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
where a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend x
    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid and x.deptype = 'e')
order by n.nspname, c.relname, a.attnum
