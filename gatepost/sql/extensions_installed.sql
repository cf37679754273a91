-- Every extension of this database, with what it brought and the tables of it that hold data.
-- Members that come and go with another member are left out: arrays, multiranges and row types,
-- which PostgreSQL 18 no longer counts.  `built in` are those of every new database, which no
-- archive holds.  `on its tables` is what hangs on them: the server counts none of it as a
-- member, whoever made it, so that the extension's own are among them.  Of all types of
-- pg_catalog, 17 and later write json as SQL has it, without its schema.
-- Order: name.  No parameters.
select e.extname::pg_catalog.text as name,
       pg_catalog.jsonb_build_object(
         'version', e.extversion,
         'schema', n.nspname,
         'built in', e.oid < 16384,
         'members', coalesce((
           select pg_catalog.jsonb_agg(i.type || ' ' || spelled.identity
             order by i.type, spelled.identity)
           from pg_catalog.pg_depend d
           left join pg_catalog.pg_type t
             on d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and t.oid = d.objid
           left join pg_catalog.pg_class r on r.oid = t.typrelid
           cross join lateral
             pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) as i(type, s, n, identity)
           cross join lateral pg_catalog.regexp_replace(
             i.identity, '\mpg_catalog\.json\M', 'json', 'g') as spelled(identity)
           where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
             and d.refobjid = e.oid and d.deptype = 'e'
             and coalesce(t.typcategory <> 'A' and t.typtype <> 'm', true)
             and coalesce(r.relkind = 'c', true)), '[]'),
         'on its tables', coalesce((
           select pg_catalog.jsonb_object_agg(part.name, part.definition)
           from pg_catalog.pg_depend d
           join pg_catalog.pg_class c on c.oid = d.objid
           cross join lateral (
             select 'index ' || i.indexrelid::pg_catalog.regclass::pg_catalog.text as name,
                    pg_catalog.pg_get_indexdef(i.indexrelid) as definition
             from pg_catalog.pg_index i
             where i.indrelid = c.oid
             union all
             select pg_catalog.format('trigger %I on %s', t.tgname, c.oid::pg_catalog.regclass),
                    pg_catalog.pg_get_triggerdef(t.oid) || case t.tgenabled
                      when 'O' then '' when 'D' then ', disabled'
                      when 'R' then ', replica only' else ', always' end
             from pg_catalog.pg_trigger t
             where t.tgrelid = c.oid and not t.tgisinternal
             union all
             -- keys are told by their indexes
             select pg_catalog.format('constraint %I on %s', k.conname, c.oid::pg_catalog.regclass),
                    pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s',
                      c.oid::pg_catalog.regclass, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
             from pg_catalog.pg_constraint k
             where k.conrelid = c.oid and k.contype in ('c', 'f')
             union all
             select pg_catalog.format('rule %I on %s', r.rulename, c.oid::pg_catalog.regclass),
                    pg_catalog.pg_get_ruledef(r.oid)
             from pg_catalog.pg_rewrite r
             where r.ev_class = c.oid and r.rulename <> '_RETURN'
             union all
             select pg_catalog.format('policy %I on %s', p.polname, c.oid::pg_catalog.regclass),
                    pg_catalog.concat(
                      pg_catalog.format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname,
                        c.oid::pg_catalog.regclass,
                        case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
                        case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT'
                          when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
                        (select pg_catalog.string_agg(
                           coalesce(pg_catalog.quote_ident(g.rolname), 'PUBLIC'), ', '
                           order by g.rolname)
                         from pg_catalog.unnest(p.polroles) as u (role)
                         left join pg_catalog.pg_roles g on g.oid = u.role)),
                      ' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
                      ' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')')
             from pg_catalog.pg_policy p
             where p.polrelid = c.oid
           ) as part
           where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
             and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
             and d.refobjid = e.oid and d.deptype = 'e'), '{}'),
         'tables', coalesce((
           select pg_catalog.jsonb_agg(c.oid::pg_catalog.regclass::pg_catalog.text order by c.oid)
           from pg_catalog.pg_class c
           where c.oid = any (e.extconfig) and c.relkind in ('r', 'p')), '[]')) as attributes
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
order by 1
