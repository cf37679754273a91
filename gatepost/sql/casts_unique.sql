-- Every unique index of a table: what its key is made of, and on which rows it is.
-- Order: name.  Parameters: schema, name.
select x.relname as name,
       (select pg_catalog.jsonb_agg(pg_catalog.pg_get_indexdef(i.indexrelid, at, false) order by at)
        from pg_catalog.generate_series(1, i.indnkeyatts) as at) as keys,
       (select pg_catalog.jsonb_agg(coalesce(a.attname, '') order by at)
        from pg_catalog.generate_series(1, i.indnkeyatts) as at
        left join pg_catalog.pg_attribute a
          on a.attrelid = i.indrelid and a.attnum = i.indkey[at - 1] and a.attnum > 0) as columns,
       coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '') as predicate,
       coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
         as nulls_are_one
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where i.indisunique and n.nspname = %(schema)s and c.relname = %(name)s
order by x.relname
