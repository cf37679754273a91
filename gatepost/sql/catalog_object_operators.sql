-- Operators, operator classes and operator families.  A class tells the members that are about its
-- own type alone, its family the others: which of the two a member was made for differs with the
-- history, and means nothing.  Operators that only other operators mention are none.
-- Order: kind, schema, name, arguments.  No parameters.
with
member as (
  select m.amopfamily as family, m.amoplefttype as one, m.amoprighttype as other,
         'operators' as sort,
         -- so that its order is the same in every database
         (m.amopstrategy || ' ' || m.amopopr::regoperator::text
           || coalesce(' for order by ' || fn.nspname || '.' || f.opfname, ''))
           collate pg_catalog."C" as said
  from pg_catalog.pg_amop m
  left join pg_catalog.pg_opfamily f on f.oid = m.amopsortfamily
  left join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
  union all
  select p.amprocfamily, p.amproclefttype, p.amprocrighttype, 'functions',
         (p.amprocnum || ' ' || p.amproc::regprocedure::text
           || case when p.amproclefttype <> p.amprocrighttype then
                ' for ' || pg_catalog.format_type(p.amproclefttype, null) || ', '
                  || pg_catalog.format_type(p.amprocrighttype, null) else '' end)
           collate pg_catalog."C"
  from pg_catalog.pg_amproc p
)
select 'operator' as kind,
       n.nspname as schema,
       o.oprname as name,
       '(' || case when o.oprleft = 0 then 'none'
                else pg_catalog.format_type(o.oprleft, null) end
         || ', ' || pg_catalog.format_type(o.oprright, null) || ')' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'function', o.oprcode::regprocedure::text,
         'returns', pg_catalog.format_type(o.oprresult, null),
         'commutator', nullif(o.oprcom, 0)::regoperator::text,
         'negator', nullif(o.oprnegate, 0)::regoperator::text,
         'restriction estimator', nullif(o.oprrest, 0)::regprocedure::text,
         'join estimator', nullif(o.oprjoin, 0)::regprocedure::text,
         'merges', o.oprcanmerge,
         'hashes', o.oprcanhash,
         'comment', pg_catalog.obj_description(o.oid, 'pg_operator')
       )) as attributes
from pg_catalog.pg_operator o
join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
where o.oprcode <> 0
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e')
union all
select 'operator class', n.nspname, c.opcname, ' using ' || am.amname,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'for type', pg_catalog.format_type(c.opcintype, null),
         'default', c.opcdefault,
         'family', fn.nspname || '.' || f.opfname,
         'storage type', case when c.opckeytype <> 0 then
           pg_catalog.format_type(c.opckeytype, null) end,
         'operators', (select pg_catalog.jsonb_agg(m.said order by m.said) from member m
                       where m.family = f.oid and m.sort = 'operators'
                         and m.one = c.opcintype and m.other = c.opcintype),
         'functions', (select pg_catalog.jsonb_agg(m.said order by m.said) from member m
                       where m.family = f.oid and m.sort = 'functions'
                         and m.one = c.opcintype and m.other = c.opcintype),
         'comment', pg_catalog.obj_description(c.oid, 'pg_opclass')))
from pg_catalog.pg_opclass c
join pg_catalog.pg_namespace n on n.oid = c.opcnamespace
join pg_catalog.pg_am am on am.oid = c.opcmethod
join pg_catalog.pg_opfamily f on f.oid = c.opcfamily
join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_opclass'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select 'operator family', n.nspname, f.opfname, ' using ' || am.amname,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'operators', (select pg_catalog.jsonb_agg(m.said order by m.said) from member m
                       where m.family = f.oid and m.sort = 'operators'
                         and not exists (
                           select from pg_catalog.pg_opclass c
                           where c.opcfamily = f.oid
                             and c.opcintype = m.one and c.opcintype = m.other)),
         'functions', (select pg_catalog.jsonb_agg(m.said order by m.said) from member m
                       where m.family = f.oid and m.sort = 'functions'
                         and not exists (
                           select from pg_catalog.pg_opclass c
                           where c.opcfamily = f.oid
                             and c.opcintype = m.one and c.opcintype = m.other)),
         'comment', pg_catalog.obj_description(f.oid, 'pg_opfamily')))
from pg_catalog.pg_opfamily f
join pg_catalog.pg_namespace n on n.oid = f.opfnamespace
join pg_catalog.pg_am am on am.oid = f.opfmethod
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_opfamily'::regclass and d.objid = f.oid and d.deptype = 'e')
order by kind, schema, name, arguments
