-- Every sequence with its limits, the column that owns it (identity and serial), and all columns
-- that take their values from it.  Where it stands is another question.
-- Order: schema, name.  No parameters.
with
owned as (
  select d.objid as sequence, d.refobjid as relation, d.refobjsubid as attnum
  from pg_catalog.pg_depend d
  where d.classid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0
    and d.deptype in ('a', 'i')
),
used as (
  select sequence, relation, attnum from owned
  union
  select d.refobjid, f.adrelid, f.adnum
  from pg_catalog.pg_depend d
  join pg_catalog.pg_attrdef f on f.oid = d.objid
  where d.classid = 'pg_catalog.pg_attrdef'::regclass
    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid = 0
)
select n.nspname as schema,
       c.relname as name,
       pg_catalog.format_type(s.seqtypid, null) as type,
       s.seqstart as start,
       s.seqincrement as increment,
       s.seqmin as minimum,
       s.seqmax as maximum,
       s.seqcache as cache,
       s.seqcycle as cycle,
       (select pg_catalog.jsonb_build_array(tn.nspname, t.relname, a.attname)
        from owned o
        join pg_catalog.pg_class t on t.oid = o.relation
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = o.relation and a.attnum = o.attnum
        where o.sequence = c.oid) as owner,
       (select coalesce(pg_catalog.jsonb_agg(
                 pg_catalog.jsonb_build_array(tn.nspname, t.relname, a.attname)
                 order by tn.nspname, t.relname, a.attname), '[]')
        from used u
        join pg_catalog.pg_class t on t.oid = u.relation
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = u.relation and a.attnum = u.attnum
        where u.sequence = c.oid) as users
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname
