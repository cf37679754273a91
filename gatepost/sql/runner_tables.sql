-- The ordinary and partitioned tables of this database, by name, and whether our role may read
-- them and lock them against writers.  Tables of extensions are the extension's business.
-- MAINTAIN came with PostgreSQL 17; has_table_privilege refuses a right it does not know, so that
-- it is asked for only where the server has it.  The bytes, values kept elsewhere included, are what
-- the last vacuum or analyze saw: asking for the files would wait for whoever alters a table.
select
  n.nspname::pg_catalog.text as schema,
  c.relname::pg_catalog.text as name,
  pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable,
  pg_catalog.has_table_privilege(
    c.oid,
    case
      when pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 170000
      then 'UPDATE, DELETE, TRUNCATE, MAINTAIN'
      else 'UPDATE, DELETE, TRUNCATE'
    end
  ) as lockable,
  (greatest(c.relpages, 0) + coalesce(t.relpages, 0))::pg_catalog.int8
    * pg_catalog.current_setting('block_size')::pg_catalog.int8 as bytes
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
where c.relkind in ('r', 'p')
  and c.relpersistence <> 't'
  and n.nspname <> all (array['pg_catalog', 'information_schema'])
  and not exists (
    select
    from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.objid = c.oid and d.deptype = 'e'
  )
order by 1, 2;
