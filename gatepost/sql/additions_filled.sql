-- What rows hold in columns that were added after them: the value that the default had then, which
-- stays so until something else is written there or the table is.
-- Order: name.  Parameters: schema, relation.
select a.attname as name,
       -- an array of one, whose text is that of an array of text
       (a.attmissingval::pg_catalog.text::pg_catalog.text[])[1] as value
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = %(schema)s and c.relname = %(relation)s and a.atthasmissing
  and a.attmissingval is not null
order by a.attname
