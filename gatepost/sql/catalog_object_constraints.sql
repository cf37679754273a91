-- Primary keys, unique, exclusion, check and foreign key constraints of tables.  NOT NULL, which
-- is one since PostgreSQL 18, is a column's nullability; what a partition got by cloning a foreign
-- key is counted with the key itself.  `triggers` are those behind the constraint that do not
-- fire as they should: --disable-triggers, killed, leaves a valid foreign key that checks nothing.
-- `index` is what a unique index of the same meaning would be defined as.  `backing index` is the
-- one that a foreign key leans on, by what it says and not by its name; it is told where another
-- of the parent's would do as well, since pg_dump does not say which it is.
-- Order: schema, relation, name.  No parameters.
with recursive
root as (
  select k.oid, k.oid as root
  from pg_catalog.pg_constraint k
  where k.conparentid = 0
  union all
  select k.oid, r.root
  from pg_catalog.pg_constraint k
  join root r on r.oid = k.conparentid
),
idle as (
  select state.root, pg_catalog.jsonb_object_agg(state.relation, state.enabled) as triggers
  from (
    select r.root,
           n.nspname || '.' || c.relname as relation,
           case pg_catalog.min(t.tgenabled::text)
             when 'D' then 'disabled' when 'R' then 'replica only' else 'always' end as enabled
    from pg_catalog.pg_trigger t
    join root r on r.oid = t.tgconstraint
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where t.tgisinternal and t.tgenabled <> 'O'
    group by r.root, n.nspname, c.relname
  ) as state
  group by state.root
)
select n.nspname as schema,
       c.relname as relation,
       k.conname as name,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'definition', pg_catalog.regexp_replace(
           pg_catalog.pg_get_constraintdef(k.oid), '( NOT VALID| NOT ENFORCED)+$', ''),
         -- what is not enforced is never validated: that is told once
         'validated', k.convalidated
           or not coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true),
         'enforced', coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true),
         'valid', i.indisvalid,
         'ready', i.indisready,
         'clustered', case when i.indisclustered then true end,
         'replica identity', case when i.indisreplident then true end,
         'options', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                     from pg_catalog.unnest(x.reloptions) as o),
         'tablespace', ts.spcname,
         'statistics targets', (
           select pg_catalog.jsonb_object_agg(a.attnum::text, a.attstattarget)
           from pg_catalog.pg_attribute a
           where a.attrelid = x.oid and a.attstattarget >= 0),
         'index', case when k.contype = 'u' and not k.condeferrable then
           pg_catalog.substr(pg_catalog.pg_get_indexdef(i.indexrelid), 1 + pg_catalog.length(
             pg_catalog.format('CREATE UNIQUE INDEX %I ON %s%I.%I USING ', x.relname,
               case x.relkind when 'I' then 'ONLY ' end, n.nspname, c.relname))) end,
         'backing index', case when choice.given then
           coalesce(
             (select pg_catalog.pg_get_constraintdef(b.oid) from pg_catalog.pg_constraint b
              where b.conindid = k.conindid and b.contype in ('p', 'u', 'x')),
             pg_catalog.regexp_replace(
               pg_catalog.pg_get_indexdef(k.conindid), '^CREATE UNIQUE INDEX .*? USING ',
               'unique index ')) end,
         'local', case when k.contype = 'c' and not k.conislocal and not c.relispartition
           then false end,
         'triggers', idle.triggers,
         'comment', de.description,
         'comment of the index', xde.description
       )) as attributes
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join idle on idle.root = k.oid
left join pg_catalog.pg_class x on x.oid = k.conindid and k.contype in ('p', 'u', 'x')
left join pg_catalog.pg_index i on i.indexrelid = x.oid
cross join lateral (
  select k.contype = 'f' and exists (
    select from pg_catalog.pg_index o
    where o.indrelid = k.confrelid and o.indexrelid <> k.conindid
      and o.indisunique and o.indimmediate and o.indisvalid
      and o.indpred is null and o.indexprs is null
      and o.indnkeyatts = pg_catalog.cardinality(k.confkey)
      and (o.indkey::pg_catalog.int2[])[0:o.indnkeyatts - 1] <@ k.confkey) as given
) as choice
left join pg_catalog.pg_tablespace ts on ts.oid = x.reltablespace
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_constraint'::regclass and de.objoid = k.oid
left join pg_catalog.pg_description xde
  on xde.classoid = 'pg_catalog.pg_class'::regclass and xde.objoid = x.oid and xde.objsubid = 0
where k.contype in ('p', 'u', 'x', 'c', 'f')
  and not (k.contype = 'f' and k.conparentid <> 0)
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname, k.conname
