-- The names of labels, columns, constraints and relations outside of the system's schemas, by what
-- they are: value, column, constraint, relation or type; and the name of what the first three are of,
-- of the others an empty one.
-- Order: what it is, of what, name.  No parameters.
with known (what, owner, name, schema) as (
    select 'value', t.typname, e.enumlabel, t.typnamespace
    from pg_catalog.pg_enum e
    join pg_catalog.pg_type t on t.oid = e.enumtypid
    union all
    select 'column', c.relname, a.attname, c.relnamespace
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped
    union all
    select 'constraint', coalesce(r.relname, t.typname), c.conname, c.connamespace
    from pg_catalog.pg_constraint c
    left join pg_catalog.pg_class r on r.oid = c.conrelid
    left join pg_catalog.pg_type t on t.oid = c.contypid
    union all
    select 'relation', '', c.relname, c.relnamespace
    from pg_catalog.pg_class c
    union all
    select 'type', '', t.typname, t.typnamespace
    from pg_catalog.pg_type t
)
select distinct known.what, known.owner::pg_catalog.text, known.name::pg_catalog.text
from known
join pg_catalog.pg_namespace n on n.oid = known.schema
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by known.what, known.owner::pg_catalog.text, known.name::pg_catalog.text
