-- Every trigger and when it fires.  Those that PostgreSQL made for a constraint are told by the
-- constraint, as their own names hold oids; partitions' by that of the constraint they came from.
-- Of several on one table the worst is told.
-- Order: name.  No parameters.
with recursive
root as (
  select k.oid, k.conname as name
  from pg_catalog.pg_constraint k
  where k.conparentid = 0
  union all
  select k.oid, r.name
  from pg_catalog.pg_constraint k
  join root r on r.oid = k.conparentid
),
trigger as (
  select t.tgrelid,
         -- up to PostgreSQL 14, a partition's copy of a written trigger counts as internal
         case when t.tgisinternal and r.oid is not null then 'triggers of constraint ' || r.name
           else 'trigger ' || t.tgname end as what,
         pg_catalog.strpos('DRAO', t.tgenabled::text) as rank
  from pg_catalog.pg_trigger t
  left join root r on r.oid = t.tgconstraint
)
select pg_catalog.jsonb_build_array(n.nspname, c.relname) as relation,
       t.what,
       (array['disabled', 'replica only', 'always', 'enabled'])[pg_catalog.min(t.rank)] as state
from trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.nspname, c.relname, t.what
order by n.nspname, c.relname, t.what
