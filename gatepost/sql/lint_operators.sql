-- Operators that do not always say the same, by the types of both sides.
-- Order: symbol, left, right.  No parameters.
select o.oprname as symbol,
       coalesce(ln.nspname || '.' || l.typname, '') as "left",
       rn.nspname || '.' || r.typname as "right"
from pg_catalog.pg_operator o
join pg_catalog.pg_proc p on p.oid = o.oprcode::pg_catalog.oid
left join pg_catalog.pg_type l on l.oid = o.oprleft
left join pg_catalog.pg_namespace ln on ln.oid = l.typnamespace
join pg_catalog.pg_type r on r.oid = o.oprright
join pg_catalog.pg_namespace rn on rn.oid = r.typnamespace
where p.provolatile <> 'i'
order by o.oprname, 2, 3
