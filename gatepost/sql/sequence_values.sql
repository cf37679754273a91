-- Where every sequence stands: one row a sequence, in the order of their names.
-- last_value is null for a sequence that was never used, and for one the role may not read:
-- `readable` tells the two apart.
-- Sequences are outside of snapshots: the answer is that of now, and can only be later.
select n.nspname as schema,
       c.relname as name,
       pg_catalog.pg_sequence_last_value(c.oid) as last_value,
       pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT') as readable
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'S'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
