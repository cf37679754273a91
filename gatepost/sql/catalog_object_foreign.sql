-- Foreign data wrappers, servers and user mappings.  An option whose name sounds like a secret is
-- told without its value, and a password within an address is left out.  The options of a user
-- mapping are hidden from those who may not use it.
-- Order: kind, name, arguments.  No parameters.
with
found as (
  select 'foreign data wrapper' as kind, w.fdwname as name, '' as arguments,
         w.fdwoptions as options,
         pg_catalog.jsonb_build_object(
           'handler', nullif(w.fdwhandler, 0)::regprocedure::text,
           'validator', nullif(w.fdwvalidator, 0)::regprocedure::text,
           'comment', pg_catalog.obj_description(w.oid, 'pg_foreign_data_wrapper')) as attributes
  from pg_catalog.pg_foreign_data_wrapper w
  where not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass and d.objid = w.oid
        and d.deptype = 'e')
  union all
  select 'server', s.srvname, '', s.srvoptions,
         pg_catalog.jsonb_build_object(
           'wrapper', w.fdwname,
           'type', s.srvtype,
           'version', s.srvversion,
           'comment', pg_catalog.obj_description(s.oid, 'pg_foreign_server'))
  from pg_catalog.pg_foreign_server s
  join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
  where not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_foreign_server'::regclass and d.objid = s.oid
        and d.deptype = 'e')
  union all
  select 'user mapping', '',
         'for ' || m.usename || ' server ' || m.srvname,
         case when readable.it then m.umoptions end,
         pg_catalog.jsonb_build_object(
           'hidden', case when not readable.it then 'from this role' end)
  from pg_catalog.pg_user_mappings m
  join pg_catalog.pg_foreign_server s on s.oid = m.srvid
  -- as the view has it
  cross join lateral (
    select (m.umuser <> 0 and m.usename = current_user
            and pg_catalog.has_server_privilege(s.oid, 'usage'))
        or (m.umuser = 0 and pg_catalog.pg_has_role(s.srvowner, 'usage'))
        or (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)
  ) as readable (it)
)
select f.kind,
       '' as schema,
       f.name,
       f.arguments,
       pg_catalog.jsonb_strip_nulls(f.attributes || pg_catalog.jsonb_build_object(
         'options', (
           select pg_catalog.jsonb_agg(
             case when o.option_name ~* '(pass|pwd|secret|token|key|credential|auth|private)'
                    and o.option_name <> 'password_required' then o.option_name
               else o.option_name || '=' || pg_catalog.regexp_replace(
                 pg_catalog.regexp_replace(o.option_value, '(://[^:/@]*):[^/]*@', '\1@'),
                 '(password|pwd)\s*=\s*(''[^'']*''|[^\s;&]+)', '\1', 'gi') end
             order by o.option_name collate pg_catalog."C")
           from pg_catalog.pg_options_to_table(f.options) as o))) as attributes
from found f
order by f.kind, f.name, f.arguments
