-- Enums with their labels in sorting order, domains, composite types, ranges, base types and the
-- shells of types to come.  Arrays and multiranges come and go with what they are made of.
-- Order: kind, schema, name.  No parameters.
with
domain_constraints as (
  select k.contypid,
         pg_catalog.jsonb_object_agg(
           k.conname,
           pg_catalog.jsonb_build_object(
             'definition', pg_catalog.regexp_replace(
               pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
             'validated', k.convalidated)
           || pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
                'comment', pg_catalog.obj_description(k.oid, 'pg_constraint')))) as constraints
  from pg_catalog.pg_constraint k
  -- NOT NULL, a constraint since PostgreSQL 17, is the domain's nullability
  where k.contypid <> 0 and k.contype = 'c'
  group by k.contypid
)
select case t.typtype
         when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite'
         when 'r' then 'range' when 'b' then 'base type' else 'shell type' end as kind,
       n.nspname as schema,
       t.typname as name,
       '' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'labels', (select pg_catalog.jsonb_agg(e.enumlabel order by e.enumsortorder)
                    from pg_catalog.pg_enum e where e.enumtypid = t.oid),
         'type', case when t.typtype = 'd' then
           pg_catalog.format_type(t.typbasetype, t.typtypmod) end,
         'nullable', case when t.typtype = 'd' then not t.typnotnull end,
         'default', case when t.typtype in ('d', 'b') then coalesce(
           pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::regclass),
           t.typdefault) end,
         'collation', case when t.typtype = 'd' and t.typcollation <> base.typcollation then
           (select cn.nspname || '.' || co.collname
            from pg_catalog.pg_collation co
            join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
            where co.oid = t.typcollation) end,
         'constraints', k.constraints,
         'fields', case when t.typtype = 'c' then (
           select coalesce(pg_catalog.jsonb_agg(
             a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
               || case when a.attcollation in (0, ft.typcollation) then ''
                    else ' collate ' || con.nspname || '.' || co.collname end
             order by a.attnum), '[]')
           from pg_catalog.pg_attribute a
           join pg_catalog.pg_type ft on ft.oid = a.atttypid
           left join pg_catalog.pg_collation co on co.oid = a.attcollation
           left join pg_catalog.pg_namespace con on con.oid = co.collnamespace
           where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end,
         'comments of fields', case when t.typtype = 'c' then (
           select pg_catalog.jsonb_object_agg(a.attname, fd.description)
           from pg_catalog.pg_attribute a
           join pg_catalog.pg_description fd
             on fd.classoid = 'pg_catalog.pg_class'::regclass
             and fd.objoid = a.attrelid and fd.objsubid = a.attnum
           where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end,
         'subtype', pg_catalog.format_type(r.rngsubtype, null),
         'multirange', r.rngmultitypid::regtype::text,
         'operator class', (select opn.nspname || '.' || op.opcname
                            from pg_catalog.pg_opclass op
                            join pg_catalog.pg_namespace opn on opn.oid = op.opcnamespace
                            where op.oid = r.rngsubopc),
         'subtype collation', (
           select cn.nspname || '.' || co.collname
           from pg_catalog.pg_collation co
           join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
           join pg_catalog.pg_type st on st.oid = r.rngsubtype
           where co.oid = r.rngcollation and co.oid <> st.typcollation),
         'canonical', nullif(r.rngcanonical, 0)::oid::regprocedure::text,
         'subtype difference', nullif(r.rngsubdiff, 0)::oid::regprocedure::text,
         'base', case when t.typtype = 'b' then pg_catalog.jsonb_strip_nulls(
           pg_catalog.jsonb_build_object(
             'input', t.typinput::oid::regprocedure::text,
             'output', t.typoutput::oid::regprocedure::text,
             'receive', nullif(t.typreceive, 0)::oid::regprocedure::text,
             'send', nullif(t.typsend, 0)::oid::regprocedure::text,
             'modifier input', nullif(t.typmodin, 0)::oid::regprocedure::text,
             'modifier output', nullif(t.typmodout, 0)::oid::regprocedure::text,
             'analyze', nullif(t.typanalyze, 0)::oid::regprocedure::text,
             'subscript', nullif(t.typsubscript, 0)::oid::regprocedure::text,
             'length', t.typlen,
             'by value', t.typbyval,
             'alignment', t.typalign,
             'storage', t.typstorage,
             'category', t.typcategory,
             'preferred', t.typispreferred,
             'delimiter', t.typdelim,
             'element', case when t.typelem <> 0 then
               pg_catalog.format_type(t.typelem, null) end,
             'collatable', t.typcollation <> 0)) end,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_class c on c.oid = t.typrelid
left join pg_catalog.pg_type base on base.oid = t.typbasetype
left join pg_catalog.pg_range r on r.rngtypid = t.oid
left join domain_constraints k on k.contypid = t.oid
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_type'::regclass and de.objoid = t.oid
where (t.typtype in ('e', 'd', 'r', 'p') or (t.typtype = 'c' and c.relkind = 'c')
    or (t.typtype = 'b' and not exists (
      select from pg_catalog.pg_type e where e.typarray = t.oid)))
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
order by kind, n.nspname, t.typname
