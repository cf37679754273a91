-- What turns one thing into another, and what reads it: casts, conversions between encodings,
-- collations, transforms, languages and access methods.  `locale` of a collation is spelled as
-- PostgreSQL 16 and later spell that of ICU, and told once where it orders and classifies alike.
-- Order: kind, schema, name, arguments.  No parameters.
with
collation_of as (
  select c.oid, c.collnamespace, c.collname, c.collprovider, c.collisdeterministic,
         c.collversion, c.collcollate::text, c.collctype::text,
         -- colliculocale in PostgreSQL 15 and 16; in 14 both of the others hold that of ICU
         coalesce(pg_catalog.to_jsonb(c) ->> 'colllocale',
                  pg_catalog.to_jsonb(c) ->> 'colliculocale',
                  case when c.collcollate::text = c.collctype::text then c.collcollate::text end)
           as locale,
         pg_catalog.to_jsonb(c) ->> 'collicurules' as rules
  from pg_catalog.pg_collation c
)
select 'cast' as kind,
       '' as schema,
       '' as name,
       '(' || pg_catalog.format_type(c.castsource, null) || ' as '
         || pg_catalog.format_type(c.casttarget, null) || ')' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'method', case c.castmethod
           when 'f' then 'function' when 'i' then 'input and output' else 'without function' end,
         'function', nullif(c.castfunc, 0)::regprocedure::text,
         'context', case c.castcontext
           when 'e' then 'explicit' when 'a' then 'assignment' else 'implicit' end,
         'comment', pg_catalog.obj_description(c.oid, 'pg_cast')
       )) as attributes
from pg_catalog.pg_cast c
where c.oid >= 16384
  and not exists (
    -- the casts of a range come and go with the range
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_cast'::regclass and d.objid = c.oid
      and d.deptype in ('e', 'i'))
union all
select 'conversion', n.nspname, c.conname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'from', pg_catalog.pg_encoding_to_char(c.conforencoding),
         'to', pg_catalog.pg_encoding_to_char(c.contoencoding),
         'function', c.conproc::oid::regprocedure::text,
         'default', c.condefault,
         'comment', pg_catalog.obj_description(c.oid, 'pg_conversion')))
from pg_catalog.pg_conversion c
join pg_catalog.pg_namespace n on n.oid = c.connamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_conversion'::regclass and d.objid = c.oid
      and d.deptype = 'e')
union all
select 'collation', n.nspname, c.collname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'provider', case c.collprovider
           when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' else 'default' end,
         'deterministic', c.collisdeterministic,
         'locale', case c.collprovider
           when 'i' then pg_catalog.replace(c.locale, '_', '-') else c.locale end,
         'lc_collate', case when c.locale is null then c.collcollate end,
         'lc_ctype', case when c.locale is null then c.collctype end,
         'rules', c.rules,
         'version', c.collversion,
         'comment', pg_catalog.obj_description(c.oid, 'pg_collation')))
from collation_of c
join pg_catalog.pg_namespace n on n.oid = c.collnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_collation'::regclass and d.objid = c.oid
      and d.deptype = 'e')
union all
select 'transform', '', '',
       'for ' || pg_catalog.format_type(t.trftype, null) || ' language ' || l.lanname,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'from sql', nullif(t.trffromsql, 0)::oid::regprocedure::text,
         'to sql', nullif(t.trftosql, 0)::oid::regprocedure::text,
         'comment', pg_catalog.obj_description(t.oid, 'pg_transform')))
from pg_catalog.pg_transform t
join pg_catalog.pg_language l on l.oid = t.trflang
where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_transform'::regclass and d.objid = t.oid
      and d.deptype = 'e')
union all
select 'language', '', l.lanname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'trusted', l.lanpltrusted,
         'handler', nullif(l.lanplcallfoid, 0)::regprocedure::text,
         'inline handler', nullif(l.laninline, 0)::regprocedure::text,
         'validator', nullif(l.lanvalidator, 0)::regprocedure::text,
         'comment', pg_catalog.obj_description(l.oid, 'pg_language')))
from pg_catalog.pg_language l
where l.oid >= 16384
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_language'::regclass and d.objid = l.oid
      and d.deptype = 'e')
union all
select 'access method', '', m.amname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'type', case m.amtype when 't' then 'table' else 'index' end,
         'handler', m.amhandler::oid::regprocedure::text,
         'comment', pg_catalog.obj_description(m.oid, 'pg_am')))
from pg_catalog.pg_am m
where m.oid >= 16384
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_am'::regclass and d.objid = m.oid and d.deptype = 'e')
order by kind, schema, name, arguments
