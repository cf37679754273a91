-- The databases whose name starts with %(prefix)s, by name.  to_jsonb reads the columns that not
-- every version has: datlocprovider since 15, daticulocale in 15 and 16, datlocale since 17.
select
  d.oid::pg_catalog.int8 as oid,
  d.datname::pg_catalog.text as name,
  pg_catalog.pg_get_userbyid(d.datdba)::pg_catalog.text as owner,
  pg_catalog.pg_has_role(d.datdba, 'USAGE') as owned,
  pg_catalog.pg_encoding_to_char(d.encoding)::pg_catalog.text as encoding,
  d.datcollate::pg_catalog.text as collate,
  d.datctype::pg_catalog.text as ctype,
  coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c') as provider,
  coalesce(
    pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale', ''
  ) as locale,
  coalesce(pg_catalog.to_jsonb(d) ->> 'daticurules', '') as icu_rules,
  d.datallowconn as allows_connections,
  d.datconnlimit as connection_limit,
  coalesce(pg_catalog.shobj_description(d.oid, 'pg_database'), '') as comment
from pg_catalog.pg_database d
where pg_catalog.starts_with(d.datname::pg_catalog.text, %(prefix)s)
order by d.datname;
