-- Row security policies; whether they are in force is said of the table.
-- Order: schema, relation, name.  No parameters.
select n.nspname as schema,
       c.relname as relation,
       p.polname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'command', case p.polcmd
           when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
           when 'd' then 'delete' else 'all' end,
         'permissive', p.polpermissive,
         'roles', (select pg_catalog.jsonb_agg(coalesce(r.rolname, 'public') order by r.rolname)
                   from pg_catalog.unnest(p.polroles) as u (role)
                   left join pg_catalog.pg_roles r on r.oid = u.role),
         'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
         'with check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),
         'comment', de.description
       )) as attributes
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_policy'::regclass and de.objoid = p.oid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, p.polname
