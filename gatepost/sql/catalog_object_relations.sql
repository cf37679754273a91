-- Relations and what is said of each as a whole; columns, constraints, indexes and triggers are
-- questions of their own.  Identity columns' sequences are sequences like any other.
-- Order: schema, name.  No parameters.
with
owned as (
  select d.objid as sequence,
         pg_catalog.format('%s.%s.%s', tn.nspname, t.relname, a.attname) as owner
  from pg_catalog.pg_depend d
  join pg_catalog.pg_class t on t.oid = d.refobjid
  join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
),
parents_of as (
  select h.inhrelid,
         pg_catalog.jsonb_agg(pn.nspname || '.' || p.relname order by h.inhseqno) as relations
  from pg_catalog.pg_inherits h
  join pg_catalog.pg_class p on p.oid = h.inhparent
  join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
  group by h.inhrelid
)
select n.nspname as schema,
       c.relname as name,
       case c.relkind
         when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
         when 'm' then 'materialized view' when 'f' then 'foreign table' else 'sequence' end
         as kind,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         -- of a partitioned table, which stores nothing, PostgreSQL 18 calls none unlogged
         'persistence', case when c.relkind <> 'p' then case c.relpersistence
           when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end end,
         'access method', am.amname,
         'tablespace', ts.spcname,
         'options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                     from pg_catalog.unnest(c.reloptions) as o),
         'toast options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                           from pg_catalog.unnest(toast.reloptions) as o),
         'replica identity', case c.relreplident
           when 'n' then 'nothing' when 'f' then 'full' when 'i' then 'index' end,
         'row security', case when c.relkind in ('r', 'p') then c.relrowsecurity end,
         'row security forced', case when c.relkind in ('r', 'p') then c.relforcerowsecurity end,
         'of type', case when c.reloftype <> 0 then pg_catalog.format_type(c.reloftype, null) end,
         'inherits', h.relations,
         'partitioned by', pg_catalog.pg_get_partkeydef(c.oid),
         'bound', case when c.relispartition then
           pg_catalog.pg_get_expr(c.relpartbound, c.oid) end,
         'being detached', (
           select true from pg_catalog.pg_inherits i
           where i.inhrelid = c.oid and i.inhdetachpending),
         'query', case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end,
         'populated', case when c.relkind = 'm' then c.relispopulated end,
         'server', fs.srvname,
         'foreign options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                             from pg_catalog.unnest(ft.ftoptions) as o),
         'type', case when s.seqrelid is not null then
           pg_catalog.format_type(s.seqtypid, null) end,
         'start', s.seqstart, 'increment', s.seqincrement,
         'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
         'owner', owned.owner,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_sequence s on s.seqrelid = c.oid
left join owned on owned.sequence = c.oid and c.relkind = 'S'
left join parents_of h on h.inhrelid = c.oid
left join pg_catalog.pg_am am on am.oid = c.relam
left join pg_catalog.pg_tablespace ts on ts.oid = c.reltablespace
left join pg_catalog.pg_class toast on toast.oid = c.reltoastrelid
left join pg_catalog.pg_foreign_table ft on ft.ftrelid = c.oid
left join pg_catalog.pg_foreign_server fs on fs.oid = ft.ftserver
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_class'::regclass and de.objoid = c.oid and de.objsubid = 0
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname
