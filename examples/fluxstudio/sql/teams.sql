-- Teams.  Who was invited has no table, and is kept as it was written.
select i.new as id,
       t.name,
       t.description,
       'team-' || i.new::text as slug,
       lead.new as organization_id,
       lead.new as lead_id,
       jsonb_build_object('invites', t.invites) as settings,
       false as is_private,
       t."createdAt"::timestamptz as created_at,
       t."createdAt"::timestamptz as updated_at
  from staged.teams as t
  left join staged.ids as i on i.collection = 'teams' and i.old = t.id
  left join staged.ids as lead on lead.collection = 'users' and lead.old = t."createdBy"
