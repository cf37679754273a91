-- Functions of some names, with all that tells calls apart and whether they always say the same.
-- Order: schema, name, arguments.  Parameters: names.
select n.nspname as schema,
       p.proname as name,
       coalesce(a.types, '{}') as arguments,
       p.pronargdefaults::int4 as optional,
       p.provariadic <> 0 as variadic,
       rn.nspname || '.' || r.typname as result,
       -- the planner may put its body in its place, and look at that instead
       l.lanname = 'sql' and n.nspname <> 'pg_catalog' and not p.prosecdef and not p.proretset
         as inlined,
       case p.provolatile
         when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
join pg_catalog.pg_type r on r.oid = p.prorettype
join pg_catalog.pg_namespace rn on rn.oid = r.typnamespace
cross join lateral (
  select pg_catalog.array_agg(tn.nspname || '.' || t.typname order by u.at) as types
  from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) with ordinality as u (type, at)
  join pg_catalog.pg_type t on t.oid = u.type
  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
) as a
where p.proname = any (%(names)s::pg_catalog.name[])
order by n.nspname, p.proname, arguments
