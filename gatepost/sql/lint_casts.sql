-- Casts, whether each always says the same, and whether the server casts so unasked where a value is
-- assigned; one that goes by way of text is as steady as the text of both types.
-- Order: from, to.  No parameters.
select sn.nspname || '.' || s.typname as source,
       tn.nspname || '.' || t.typname as target,
       case c.castmethod
         when 'f' then p.provolatile = 'i'
         when 'i' then o.provolatile = 'i' and i.provolatile = 'i'
         else true end as steady,
       c.castcontext <> 'e' as assigned
from pg_catalog.pg_cast c
join pg_catalog.pg_type s on s.oid = c.castsource
join pg_catalog.pg_namespace sn on sn.oid = s.typnamespace
join pg_catalog.pg_type t on t.oid = c.casttarget
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
join pg_catalog.pg_proc o on o.oid = s.typoutput::pg_catalog.oid
join pg_catalog.pg_proc i on i.oid = t.typinput::pg_catalog.oid
left join pg_catalog.pg_proc p on p.oid = c.castfunc
order by source, target
