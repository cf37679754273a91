-- Rules that somebody wrote: a view's own query is no rule here.
-- Order: schema, relation, name.  No parameters.
select n.nspname as schema,
       c.relname as relation,
       r.rulename as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'definition', pg_catalog.pg_get_ruledef(r.oid),
         'enabled', case r.ev_enabled
           when 'O' then 'enabled' when 'D' then 'disabled'
           when 'R' then 'replica only' else 'always' end,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_rewrite'::regclass and de.objoid = r.oid
where r.rulename <> '_RETURN'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, r.rulename
