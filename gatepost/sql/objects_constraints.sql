-- Every constraint and whether the rows of its table or domain are known to obey it.  Constraints
-- that PostgreSQL 18 does not enforce are not expected to be.
-- Order: name.  No parameters.
select pg_catalog.jsonb_build_array(n.nspname, coalesce(c.relname, t.typname)) as relation,
       'constraint ' || k.conname as what,
       case when k.convalidated then 'validated' else 'not validated' end as state
from pg_catalog.pg_constraint k
join pg_catalog.pg_namespace n on n.oid = k.connamespace
left join pg_catalog.pg_class c on c.oid = k.conrelid
left join pg_catalog.pg_type t on t.oid = k.contypid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true)
order by n.nspname, coalesce(c.relname, t.typname), k.conname
