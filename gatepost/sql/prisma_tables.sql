-- The tables of a schema by name: with one of them, Prisma takes it for somebody else's.
-- Parameter: schema.
select c.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = %(schema)s and c.relkind in ('r', 'p')
order by c.relname
