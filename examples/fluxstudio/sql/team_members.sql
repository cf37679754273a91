-- Who is in a team: its owner leads it.  The id follows from both, so that it is always the same.
select md5(team.new::text || person.new::text)::uuid as id,
       team.new as team_id,
       person.new as user_id,
       case m.role when 'owner' then 'lead' else m.role end as role,
       '[]'::jsonb as permissions,
       m."joinedAt"::timestamptz as joined_at,
       true as is_active
  from staged."teams.members" as m
  join staged.teams as t on t.record = m.parent
  left join staged.ids as team on team.collection = 'teams' and team.old = t.id
  left join staged.ids as person on person.collection = 'users' and person.old = m."userId"
