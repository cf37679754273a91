-- Every CHECK constraint of a table, as an expression over its columns.
-- Order: name.  Parameters: schema, name.
select k.conname as name,
       pg_catalog.pg_get_expr(k.conbin, k.conrelid) as expression,
       (select coalesce(pg_catalog.jsonb_agg(a.attname order by a.attnum), '[]')
        from pg_catalog.pg_attribute a
        where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) as columns
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where k.contype = 'c' and n.nspname = %(schema)s and c.relname = %(name)s
order by k.conname
