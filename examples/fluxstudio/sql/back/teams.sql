-- The teams as teams.json has them, members in the order in which they joined.
select jsonb_build_object(
           'id', t.id,
           'name', t.name,
           'description', t.description,
           'createdBy', coalesce(lead.old_id, t.lead_id::text),
           'createdAt', to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'members', array(
               select jsonb_build_object(
                          'userId', coalesce(l.old_id, m.user_id::text),
                          'role', case m.role when 'lead' then 'owner' else m.role end,
                          'joinedAt',
                          to_char(m.joined_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                      )
                 from public.team_members as m
                 left join public.legacy_ids as l on l.collection = 'users' and l.new_id = m.user_id
                where m.team_id = t.id
                order by m.joined_at, m.id
           ),
           'invites', coalesce(t.settings -> 'invites', '[]')
       ) as doc
  from public.teams as t
  left join public.legacy_ids as lead on lead.collection = 'users' and lead.new_id = t.lead_id
 order by t.created_at, t.id
