-- What was ever written to each table of this database, by name; large objects are one table more.
-- A truncation or a rewrite counts no row but makes another file.  Temporary tables end with whoever
-- made them; tables of the catalog count what merely declares; a materialised view holds nothing of
-- its own.
select
  case
    when c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace then 'large objects'
    else pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
  end as name,
  pg_catalog.pg_relation_filenode(c.oid)::pg_catalog.int8 as file,
  (
    pg_catalog.pg_stat_get_tuples_inserted(c.oid)
    + pg_catalog.pg_stat_get_tuples_updated(c.oid)
    + pg_catalog.pg_stat_get_tuples_deleted(c.oid)
  )::pg_catalog.int8 as rows
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r'
  and c.relpersistence <> 't'
  and (
    n.nspname <> all (array['pg_catalog', 'information_schema', 'pg_toast'])
    or c.oid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
  )
order by 1;
