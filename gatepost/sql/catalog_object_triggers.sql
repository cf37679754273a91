-- Triggers that somebody wrote, those that partitions got from their parent included; the
-- internal ones behind constraints are told with the constraints.
-- Order: schema, relation, name.  No parameters.
select n.nspname as schema,
       c.relname as relation,
       t.tgname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'definition', pg_catalog.pg_get_triggerdef(t.oid),
         'enabled', case t.tgenabled
           when 'O' then 'enabled' when 'D' then 'disabled'
           when 'R' then 'replica only' else 'always' end,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_trigger'::regclass and de.objoid = t.oid
-- up to PostgreSQL 14, a partition's copy of a written trigger counts as internal
where (not t.tgisinternal or (t.tgparentid <> 0 and t.tgconstraint = 0))
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, t.tgname
