-- What the database itself declares: how its text is stored, ordered and spelled, and who gets in.
-- to_jsonb reads the columns that not every version has: datlocprovider and datcollversion since
-- 15, daticulocale in 15 and 16, daticurules since 16, datlocale since 17.
-- One row; what is empty or at its default is left out.  No parameters.
select pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'name', d.datname,
         'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
         'provider', case coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c')
           when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' end,
         'collate', d.datcollate,
         'ctype', d.datctype,
         'locale', coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale',
                            pg_catalog.to_jsonb(d) ->> 'daticulocale'),
         'rules', pg_catalog.to_jsonb(d) ->> 'daticurules',
         'recorded', pg_catalog.to_jsonb(d) ->> 'datcollversion',
         'connections', case when d.datallowconn then 'allowed' else 'refused' end,
         'connection limit', d.datconnlimit,
         'template', d.datistemplate,
         'tablespace', t.spcname,
         'comment', pg_catalog.shobj_description(d.oid, 'pg_database'))) as attributes
from pg_catalog.pg_database d
join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
where d.datname = pg_catalog.current_database()
order by d.datname
