-- Whose every object is, and what was granted on it and on single columns.  A list that was never
-- touched is the server's default written out; each grant is [grantee, privilege, with grant
-- option, grantor], where `public` is PUBLIC, and nothing at all the owner.  A column, and what
-- initdb or an extension made, is there only if its grants are not those that it was made with,
-- which are `initial` then.  Of tablespaces, those that the database uses.  What has no owner of
-- its own (an index, an array type, a range's constructors) goes with what it hangs on.
-- Order: kind, schema, name, arguments.  No parameters.
with thing as (
  select 'pg_catalog.pg_class'::regclass as classid,
         c.oid,
         0 as part,
         case c.relkind
           when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
           when 'm' then 'materialised view' when 'f' then 'foreign table' else 'sequence'
         end as kind,
         c.relnamespace as namespace,
         c.relname::text as name,
         '' as arguments,
         c.relowner as owner,
         c.relacl as acl,
         case c.relkind when 'S' then 's' else 'r' end as sort
  from pg_catalog.pg_class c
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select 'pg_catalog.pg_class'::regclass, c.oid, a.attnum, 'column', c.relnamespace, c.relname,
         a.attname, c.relowner, a.attacl, 'c'
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  where a.attacl is not null and not a.attisdropped
  union all
  select 'pg_catalog.pg_proc'::regclass, p.oid, 0,
         case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
         p.pronamespace, p.proname, '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')',
         p.proowner, p.proacl, 'f'
  from pg_catalog.pg_proc p
  where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
  union all
  select 'pg_catalog.pg_type'::regclass, t.oid, 0,
         case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range'
           when 'c' then 'composite type' else 'type' end,
         t.typnamespace, t.typname, '', t.typowner, t.typacl, 'T'
  from pg_catalog.pg_type t
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typtype in ('b', 'd', 'e', 'r', 'c')
    and coalesce(c.relkind, 'c') = 'c'
    and not exists (select from pg_catalog.pg_type e where e.typarray = t.oid)
  union all
  select 'pg_catalog.pg_namespace'::regclass, n.oid, 0, 'schema', 0, n.nspname, '',
         n.nspowner, n.nspacl, 'n'
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_(toast|temp)' and n.nspname <> 'information_schema'
  union all
  select 'pg_catalog.pg_language'::regclass, l.oid, 0, 'language', 0, l.lanname, '',
         l.lanowner, l.lanacl, 'l'
  from pg_catalog.pg_language l
  union all
  select 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, 'foreign data wrapper', 0,
         w.fdwname, '', w.fdwowner, w.fdwacl, 'F'
  from pg_catalog.pg_foreign_data_wrapper w
  union all
  select 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, 'foreign server', 0,
         s.srvname, '', s.srvowner, s.srvacl, 'S'
  from pg_catalog.pg_foreign_server s
  union all
  select 'pg_catalog.pg_database'::regclass, d.oid, 0, 'database', 0, d.datname, '',
         d.datdba, d.datacl, 'd'
  from pg_catalog.pg_database d
  where d.datname = pg_catalog.current_database()
  union all
  select 'pg_catalog.pg_tablespace'::regclass, s.oid, 0, 'tablespace', 0, s.spcname, '',
         s.spcowner, s.spcacl, 't'
  from pg_catalog.pg_tablespace s
  where s.spcname <> 'pg_global' and s.oid in (
    select d.dattablespace from pg_catalog.pg_database d
    where d.datname = pg_catalog.current_database()
    union all
    select c.reltablespace from pg_catalog.pg_class c)
  -- the others have an owner, and nothing that could be granted
  union all
  select 'pg_catalog.pg_operator'::regclass, o.oid, 0, 'operator', o.oprnamespace, o.oprname,
         '(' || case o.oprleft when 0 then 'none' else pg_catalog.format_type(o.oprleft, null) end
         || ', ' || pg_catalog.format_type(o.oprright, null) || ')', o.oprowner, null, null
  from pg_catalog.pg_operator o
  union all
  select 'pg_catalog.pg_opclass'::regclass, o.oid, 0, 'operator class', o.opcnamespace, o.opcname,
         ' using ' || pg_catalog.quote_ident(a.amname), o.opcowner, null, null
  from pg_catalog.pg_opclass o
  join pg_catalog.pg_am a on a.oid = o.opcmethod
  union all
  select 'pg_catalog.pg_opfamily'::regclass, o.oid, 0, 'operator family', o.opfnamespace, o.opfname,
         ' using ' || pg_catalog.quote_ident(a.amname), o.opfowner, null, null
  from pg_catalog.pg_opfamily o
  join pg_catalog.pg_am a on a.oid = o.opfmethod
  union all
  select 'pg_catalog.pg_collation'::regclass, c.oid, 0, 'collation', c.collnamespace, c.collname,
         '', c.collowner, null, null
  from pg_catalog.pg_collation c
  union all
  select 'pg_catalog.pg_conversion'::regclass, c.oid, 0, 'conversion', c.connamespace, c.conname,
         '', c.conowner, null, null
  from pg_catalog.pg_conversion c
  union all
  select 'pg_catalog.pg_statistic_ext'::regclass, s.oid, 0, 'statistics', s.stxnamespace, s.stxname,
         '', s.stxowner, null, null
  from pg_catalog.pg_statistic_ext s
  union all
  select 'pg_catalog.pg_ts_config'::regclass, c.oid, 0, 'text search configuration', c.cfgnamespace,
         c.cfgname, '', c.cfgowner, null, null
  from pg_catalog.pg_ts_config c
  union all
  select 'pg_catalog.pg_ts_dict'::regclass, d.oid, 0, 'text search dictionary', d.dictnamespace,
         d.dictname, '', d.dictowner, null, null
  from pg_catalog.pg_ts_dict d
  union all
  select 'pg_catalog.pg_extension'::regclass, e.oid, 0, 'extension', 0, e.extname, '',
         e.extowner, null, null
  from pg_catalog.pg_extension e
  union all
  select 'pg_catalog.pg_event_trigger'::regclass, t.oid, 0, 'event trigger', 0, t.evtname, '',
         t.evtowner, null, null
  from pg_catalog.pg_event_trigger t
  union all
  select 'pg_catalog.pg_publication'::regclass, p.oid, 0, 'publication', 0, p.pubname, '',
         p.pubowner, null, null
  from pg_catalog.pg_publication p
  union all
  select 'pg_catalog.pg_subscription'::regclass, s.oid, 0, 'subscription', 0, s.subname, '',
         s.subowner, null, null
  from pg_catalog.pg_subscription s
  join pg_catalog.pg_database d on d.oid = s.subdbid
  where d.datname = pg_catalog.current_database()
),
-- Made by the server: columns' lists, the parts of an extension, and what initdb left, with oids
-- below 16384; but databases, tablespaces and the schema public are everybody's.
told as (
  select t.*,
         n.nspname as schema,
         e.extname as extension,
         e.extname is not null
           or t.part <> 0
           or t.oid < 16384 and t.kind not in ('database', 'tablespace', 'extension')
              and not (t.kind = 'schema' and t.name = 'public') as made,
         i.initprivs as initial
  from thing t
  left join pg_catalog.pg_namespace n on n.oid = t.namespace
  left join pg_catalog.pg_depend d
    on d.classid = t.classid and d.objid = t.oid and d.objsubid = 0 and d.deptype = 'e'
  left join pg_catalog.pg_extension e on e.oid = d.refobjid
  left join pg_catalog.pg_init_privs i
    on i.classoid = t.classid and i.objoid = t.oid and i.objsubid = t.part
  where coalesce(n.nspname, '') !~ '^(pg_toast|pg_temp|information_schema$)'
)
select t.kind,
       coalesce(t.schema, '') as schema,
       t.name,
       t.arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'owner', pg_catalog.pg_get_userbyid(t.owner),
         'extension', t.extension,
         'grants', case when t.sort is not null then (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' when t.owner then ''
                        else pg_catalog.pg_get_userbyid(a.grantee) end,
                      pg_catalog.lower(a.privilege_type),
                      a.is_grantable and a.grantee <> t.owner,
                      case a.grantor when t.owner then ''
                        else pg_catalog.pg_get_userbyid(a.grantor) end) as grant
             from pg_catalog.aclexplode(
               coalesce(t.acl, pg_catalog.acldefault(t.sort::"char", t.owner))) a) g) end,
         -- whoever granted these was the owner then
         'initial', case when t.made then (
           select coalesce(pg_catalog.jsonb_agg(g.grant order by g.grant), '[]')
           from (
             select pg_catalog.jsonb_build_array(
                      case a.grantee when 0 then 'public' when a.grantor then ''
                        else pg_catalog.pg_get_userbyid(a.grantee) end,
                      pg_catalog.lower(a.privilege_type),
                      a.is_grantable and a.grantee <> a.grantor,
                      '') as grant
             from pg_catalog.aclexplode(
               coalesce(t.initial, pg_catalog.acldefault(t.sort::"char", t.owner))) a) g) end
       )) as attributes
from told t
where not t.made or t.acl is distinct from t.initial
order by t.kind, schema, t.name, t.arguments
