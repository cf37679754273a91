-- The collations, other than the database's own, by which columns or indexes here are ordered by a
-- library that has versions: what was recorded when they were made, and what the library is now.
-- `made` are those that somebody created in this database.  Order: schema, name.  No parameters.
select n.nspname::pg_catalog.text as schema,
       c.collname::pg_catalog.text as name,
       c.collversion as recorded,
       pg_catalog.pg_collation_actual_version(c.oid) as actual,
       c.oid >= 16384 as made
from pg_catalog.pg_collation c
join pg_catalog.pg_namespace n on n.oid = c.collnamespace
where c.collversion is not null
  and (c.oid in (select a.attcollation from pg_catalog.pg_attribute a
                 where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped)
       or c.oid in (select one.used
                    from pg_catalog.pg_index i,
                         pg_catalog.unnest(i.indcollation::pg_catalog.oid[]) as one(used)
                    where i.indrelid >= 16384))
order by 1, 2
