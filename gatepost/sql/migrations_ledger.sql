-- The names of a table's columns, in their order; none where there is no such table.
-- Parameters: schema, name.
select a.attname
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = %(schema)s and c.relname = %(name)s
    and a.attnum > 0 and not a.attisdropped
order by a.attnum
