-- Every materialised view and whether it may be read.
-- Order: name.  No parameters.
select pg_catalog.jsonb_build_array(n.nspname, c.relname) as relation,
       '' as what,
       case when c.relispopulated then 'populated' else 'not populated' end as state
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'm' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
