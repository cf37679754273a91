-- What cannot do without what, by the server's own account: a row for each thing, and each relation,
-- column, function or type that it would be dropped with, or that cannot be dropped because of it.
-- A view stands for its rule.  The row type of a table is the table.  What goes with a thing
-- unasked, as a CHECK does with its column, does not need it.
-- Order: all of it.  No parameters.
with dependent as (
  select distinct
         d.refclassid, d.refobjid, d.refobjsubid,
         case when r.oid is null then d.classid else 'pg_catalog.pg_class'::regclass end as classid,
         coalesce(r.ev_class, d.objid) as objid,
         case when r.oid is null then d.objsubid else 0 end as objsubid
  from pg_catalog.pg_depend d
  left join pg_catalog.pg_rewrite r
    on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
  where d.deptype = 'n'
    and d.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass,
                         'pg_catalog.pg_type'::regclass)
    and d.classid not in ('pg_catalog.pg_extension'::regclass)
    and r.ev_class is distinct from d.refobjid
    and not exists (
      select from pg_catalog.pg_depend a
      where a.classid = d.classid and a.objid = d.objid and a.objsubid = d.objsubid
        and a.refclassid = d.refclassid and a.refobjid = d.refobjid
        and a.refobjsubid = d.refobjsubid and a.deptype in ('a', 'i'))
)
select case when p.oid is not null then 'function'
            when t.oid is not null and coalesce(t.typrelid, 0) = 0 then 'type'
            else 'relation' end as kind,
       n.nspname as schema,
       coalesce(c.relname, p.proname, t.typname) as name,
       coalesce(a.attname, '') as column_name,
       by.type as by_kind,
       by.identity as by_identity,
       pg_catalog.to_jsonb(at.object_names) as by_names
from dependent d
left join pg_catalog.pg_class c
  on d.refclassid = 'pg_catalog.pg_class'::regclass and c.oid = d.refobjid
left join pg_catalog.pg_proc p
  on d.refclassid = 'pg_catalog.pg_proc'::regclass and p.oid = d.refobjid
left join pg_catalog.pg_type t
  on d.refclassid = 'pg_catalog.pg_type'::regclass and t.oid = d.refobjid
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
  and d.refobjsubid > 0
join pg_catalog.pg_namespace n on n.oid = coalesce(c.relnamespace, p.pronamespace, t.typnamespace)
cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) as by
cross join lateral pg_catalog.pg_identify_object_as_address(d.classid, d.objid, d.objsubid) as at
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1, 2, 3, 4, 5, 6
