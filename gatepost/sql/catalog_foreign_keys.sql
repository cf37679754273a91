-- Every foreign key as it was declared; what partitions got by cloning is left out.
-- `operators` compare parent with child, column by column.
-- Order: child's schema, child, name.  No parameters.
select k.conname as name,
       cn.nspname as child_schema,
       c.relname as child,
       (select pg_catalog.jsonb_agg(a.attname order by at.at)
        from pg_catalog.unnest(k.conkey) with ordinality as at (attnum, at)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = at.attnum)
         as child_columns,
       pn.nspname as parent_schema,
       p.relname as parent,
       (select pg_catalog.jsonb_agg(a.attname order by at.at)
        from pg_catalog.unnest(k.confkey) with ordinality as at (attnum, at)
        join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = at.attnum)
         as parent_columns,
       case k.confmatchtype when 'f' then 'full' when 'p' then 'partial' else 'simple' end as match,
       (select pg_catalog.jsonb_agg(n.nspname || '.' || o.oprname order by at.at)
        from pg_catalog.unnest(k.conpfeqop) with ordinality as at (operator, at)
        join pg_catalog.pg_operator o on o.oid = at.operator
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace) as operators,
       k.convalidated as validated
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
join pg_catalog.pg_class p on p.oid = k.confrelid
join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
where k.contype = 'f' and k.conparentid = 0
  and cn.nspname !~ '^pg_' and cn.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend x
    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid and x.deptype = 'e')
order by cn.nspname, c.relname, k.conname
