-- Functions, procedures and aggregates, told apart by their arguments' types.  A body in quotes is
-- kept byte for byte; one of statements is deparsed, like a view's query.
-- Order: kind, schema, name, arguments.  No parameters.
select case p.prokind
         when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
       n.nspname as schema,
       p.proname as name,
       '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' as arguments,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'arguments', pg_catalog.pg_get_function_arguments(p.oid),
         'returns', pg_catalog.pg_get_function_result(p.oid),
         'language', l.lanname,
         'body', case when p.prokind <> 'a' and p.prosqlbody is null then p.prosrc end,
         'statements', pg_catalog.pg_get_function_sqlbody(p.oid),
         'library', p.probin,
         'window', case when p.prokind = 'w' then true end,
         'volatility', case p.provolatile
           when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
         'parallel', case p.proparallel
           when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
         'strict', p.proisstrict,
         'security definer', p.prosecdef,
         'leakproof', p.proleakproof,
         'cost', p.procost,
         'rows', case when p.proretset then p.prorows end,
         'support', nullif(p.prosupport, 0)::oid::regprocedure::text,
         'transforms', (
           select pg_catalog.jsonb_agg(t.name order by t.name collate pg_catalog."C")
           from pg_catalog.unnest(p.protrftypes) as u (type)
           cross join lateral pg_catalog.format_type(u.type, null) as t (name)),
         'settings', (select pg_catalog.jsonb_agg(o order by o collate pg_catalog."C")
                      from pg_catalog.unnest(p.proconfig) as o),
         'aggregate', case when p.prokind = 'a' then (
           select pg_catalog.jsonb_build_object(
             'kind', case a.aggkind
               when 'n' then 'normal' when 'o' then 'ordered set' else 'hypothetical set' end,
             'direct arguments', a.aggnumdirectargs,
             'transition', a.aggtransfn::oid::regprocedure::text,
             'state', pg_catalog.format_type(a.aggtranstype, null),
             'state size', nullif(a.aggtransspace, 0),
             'initial', a.agginitval,
             'final', nullif(a.aggfinalfn, 0)::oid::regprocedure::text,
             'final extra', case when a.aggfinalextra then true end,
             -- what is not the default; a dump says nothing of it where there is no function
             'final modify', case
               when a.aggfinalfn = 0 then null
               when a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
                 then a.aggfinalmodify end,
             'combine', nullif(a.aggcombinefn, 0)::oid::regprocedure::text,
             'serial', nullif(a.aggserialfn, 0)::oid::regprocedure::text,
             'deserial', nullif(a.aggdeserialfn, 0)::oid::regprocedure::text,
             'moving transition', nullif(a.aggmtransfn, 0)::oid::regprocedure::text,
             'moving inverse', nullif(a.aggminvtransfn, 0)::oid::regprocedure::text,
             'moving state', case when a.aggmtranstype <> 0 then
               pg_catalog.format_type(a.aggmtranstype, null) end,
             'moving state size', nullif(a.aggmtransspace, 0),
             'moving initial', a.aggminitval,
             'moving final', nullif(a.aggmfinalfn, 0)::oid::regprocedure::text,
             'moving final extra', case when a.aggmfinalextra then true end,
             'moving final modify', case
               when a.aggmfinalfn = 0 then null
               when a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
                 then a.aggmfinalmodify end,
             'sort operator', nullif(a.aggsortop, 0)::regoperator::text)
           from pg_catalog.pg_aggregate a where a.aggfnoid = p.oid) end,
         'comment', de.description
       )) as attributes
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
left join pg_catalog.pg_description de
  on de.classoid = 'pg_catalog.pg_proc'::regclass and de.objoid = p.oid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid
      -- a range's constructors come and go with the range
      and d.deptype in ('e', 'i'))
order by kind, n.nspname, p.proname, arguments
