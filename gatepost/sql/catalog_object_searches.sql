-- Text search: parsers, templates, dictionaries, and configurations with the dictionaries that
-- each kind of word is given to, in their order.
-- Order: kind, schema, name.  No parameters.
with
mapped as (
  select given.mapcfg, pg_catalog.jsonb_object_agg(token.alias, given.dictionaries) as mappings
  from (
    select m.mapcfg, m.maptokentype,
           pg_catalog.jsonb_agg(dn.nspname || '.' || d.dictname order by m.mapseqno)
             as dictionaries
    from pg_catalog.pg_ts_config_map m
    join pg_catalog.pg_ts_dict d on d.oid = m.mapdict
    join pg_catalog.pg_namespace dn on dn.oid = d.dictnamespace
    group by m.mapcfg, m.maptokentype
  ) as given
  join pg_catalog.pg_ts_config c on c.oid = given.mapcfg
  join pg_catalog.pg_namespace cn on cn.oid = c.cfgnamespace
  cross join lateral pg_catalog.ts_token_type(c.cfgparser) as token
  where token.tokid = given.maptokentype
    and cn.nspname !~ '^pg_' and cn.nspname <> 'information_schema'
  group by given.mapcfg
),
found as (
  select 'text search parser' as kind, p.oid, 'pg_ts_parser' as catalog,
         p.prsnamespace as namespace, p.prsname as name,
         pg_catalog.jsonb_build_object(
           'start', p.prsstart::oid::regprocedure::text,
           'token', p.prstoken::oid::regprocedure::text,
           'end', p.prsend::oid::regprocedure::text,
           'headline', nullif(p.prsheadline, 0)::oid::regprocedure::text,
           'kinds of words', p.prslextype::oid::regprocedure::text) as attributes
  from pg_catalog.pg_ts_parser p
  union all
  select 'text search template', t.oid, 'pg_ts_template', t.tmplnamespace, t.tmplname,
         pg_catalog.jsonb_build_object(
           'init', nullif(t.tmplinit, 0)::oid::regprocedure::text,
           'lexize', t.tmpllexize::oid::regprocedure::text)
  from pg_catalog.pg_ts_template t
  union all
  select 'text search dictionary', d.oid, 'pg_ts_dict', d.dictnamespace, d.dictname,
         pg_catalog.jsonb_build_object(
           'template', tn.nspname || '.' || t.tmplname,
           'options', d.dictinitoption)
  from pg_catalog.pg_ts_dict d
  join pg_catalog.pg_ts_template t on t.oid = d.dicttemplate
  join pg_catalog.pg_namespace tn on tn.oid = t.tmplnamespace
  union all
  select 'text search configuration', c.oid, 'pg_ts_config', c.cfgnamespace, c.cfgname,
         pg_catalog.jsonb_build_object(
           'parser', pn.nspname || '.' || p.prsname,
           'mappings', m.mappings)
  from pg_catalog.pg_ts_config c
  join pg_catalog.pg_ts_parser p on p.oid = c.cfgparser
  join pg_catalog.pg_namespace pn on pn.oid = p.prsnamespace
  left join mapped m on m.mapcfg = c.oid
)
select f.kind,
       n.nspname as schema,
       f.name,
       '' as arguments,
       pg_catalog.jsonb_strip_nulls(f.attributes || pg_catalog.jsonb_build_object(
         'comment', pg_catalog.obj_description(f.oid, f.catalog))) as attributes
from found f
join pg_catalog.pg_namespace n on n.oid = f.namespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = pg_catalog.to_regclass('pg_catalog.' || f.catalog)
      and d.objid = f.oid and d.deptype = 'e')
order by f.kind, n.nspname, f.name
