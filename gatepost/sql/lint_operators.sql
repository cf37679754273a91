-- Operators of two sides, and whether each always says the same.
-- Order: symbol, left, right.  No parameters.
select o.oprname as symbol,
       ln.nspname || '.' || l.typname as "left",
       rn.nspname || '.' || r.typname as "right",
       p.provolatile = 'i' as steady
from pg_catalog.pg_operator o
join pg_catalog.pg_proc p on p.oid = o.oprcode::pg_catalog.oid
join pg_catalog.pg_type l on l.oid = o.oprleft
join pg_catalog.pg_namespace ln on ln.oid = l.typnamespace
join pg_catalog.pg_type r on r.oid = o.oprright
join pg_catalog.pg_namespace rn on rn.oid = r.typnamespace
order by o.oprname, 2, 3, 4
