-- Publications with what they publish, and subscriptions.  A connection's address, which may hold
-- a password, is never read; whether a subscription is enabled is not told either, since what is
-- restored never is.
-- A column that came with a later version is read through a row that has it as NULL: unqualified,
-- its name finds the catalog's own column where there is one, and that row's elsewhere.
-- Order: kind, name.  No parameters.
with
published as (
  select r.prpubid,
         pg_catalog.jsonb_object_agg(
           n.nspname || '.' || c.relname,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
             'columns', (
               select pg_catalog.jsonb_agg(a.attname order by a.attname)
               from pg_catalog.unnest(r.columns) as u (attnum)
               join pg_catalog.pg_attribute a on a.attrelid = r.prrelid and a.attnum = u.attnum),
             'where', r.filter))) as tables
  -- PostgreSQL 15 and later
  from (select null::int2vector as prattrs, null::pg_node_tree as prqual) as absent
  cross join lateral (
    select p.prpubid, p.prrelid, prattrs::int2[] as columns,
           pg_catalog.pg_get_expr(prqual, p.prrelid) as filter
    from pg_catalog.pg_publication_rel p) as r
  join pg_catalog.pg_class c on c.oid = r.prrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  group by r.prpubid
),
-- pg_publication_namespace came with PostgreSQL 15; what it says is in pg_depend as well.
schemas_of as (
  select p.refobjid as publication, pg_catalog.jsonb_agg(n.nspname order by n.nspname) as schemas
  from pg_catalog.pg_depend p
  join pg_catalog.pg_depend s
    on s.classid = p.classid and s.objid = p.objid
    and s.refclassid = 'pg_catalog.pg_namespace'::regclass
  join pg_catalog.pg_namespace n on n.oid = s.refobjid
  where p.classid = pg_catalog.to_regclass('pg_catalog.pg_publication_namespace')
    and p.refclassid = 'pg_catalog.pg_publication'::regclass
  group by p.refobjid
)
select 'publication' as kind,
       '' as schema,
       p.pubname as name,
       '' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'all tables', p.puballtables,
         'publishes', pg_catalog.to_jsonb(pg_catalog.array_remove(array[
           case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
           case when p.pubdelete then 'delete' end,
           case when p.pubtruncate then 'truncate' end], null)),
         'via the partitioned table', p.pubviaroot,
         -- PostgreSQL 18: none, as always before, or stored
         'generated columns', case when pg_catalog.to_jsonb(p) ->> 'pubgencols' = 's' then
           'stored' end,
         'tables', t.tables,
         'schemas', s.schemas,
         'comment', pg_catalog.obj_description(p.oid, 'pg_publication')
       )) as attributes
from pg_catalog.pg_publication p
left join published t on t.prpubid = p.oid
left join schemas_of s on s.publication = p.oid
where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_publication'::regclass and d.objid = p.oid
      and d.deptype = 'e')
union all
select 'subscription', '', s.subname, '',
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'publications', (
           select pg_catalog.jsonb_agg(u.name order by u.name collate pg_catalog."C")
           from pg_catalog.unnest(s.subpublications) as u (name)),
         'slot', s.subslotname,
         'binary', s.subbinary,
         'synchronous commit', s.subsynccommit,
         -- off by default, which a dump leaves out, up to PostgreSQL 17; since then parallel
         'streaming', case
           when s.stream in ('t', 'true') then 'on' when s.stream = 'p' then 'parallel'
           when pg_catalog.current_setting('server_version_num')::int >= 180000 then 'off' end,
         'two phase', case when s.twophase <> 'd' then true end,
         'disable on error', case when s.disableonerr = 'true' then true end,
         'origin', nullif(s.origin, 'any'),
         'password required', case when s.passwordrequired = 'false' then false end,
         -- of older servers nothing is known: a dump by 15 leaves it off, by 16 and later turns it on
         'run as owner', s.runasowner = 'true',
         'failover', case when s.failover = 'true' then true end,
         'comment', pg_catalog.obj_description(s.oid, 'pg_subscription')))
-- PostgreSQL 15, 16 and 17 brought two, three and one of these
from (select null::text as subtwophasestate, null::text as subdisableonerr,
             null::text as suborigin, null::text as subpasswordrequired,
             null::text as subrunasowner, null::text as subfailover) as absent
cross join lateral (
  select u.oid, u.subdbid, u.subname, u.subpublications, u.subslotname, u.subbinary,
         u.subsynccommit, u.substream::text as stream, subtwophasestate::text as twophase,
         subdisableonerr::text as disableonerr, suborigin::text as origin,
         subpasswordrequired::text as passwordrequired, subrunasowner::text as runasowner,
         subfailover::text as failover
  from pg_catalog.pg_subscription u) as s
where s.subdbid = (
    select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
order by kind, name
