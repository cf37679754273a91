-- The channels as channels.json has them, members in the order in which they joined.
select jsonb_build_object(
           'id', coalesce(i.old_id, c.id::text),
           'name', c.name,
           'description', c.description,
           'type', c.type,
           'teamId', c.team_id,
           'projectId', c.project_id,
           'createdBy', coalesce(creator.old_id, c.created_by::text),
           'createdAt', to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'isArchived', c.is_archived,
           'members', array(
               select jsonb_build_object(
                          'userId', coalesce(l.old_id, m.user_id::text),
                          'role', m.role,
                          'joinedAt',
                          to_char(m.joined_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          'lastReadAt',
                          to_char(m.last_read_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                      )
                 from public.conversation_participants as m
                 left join public.legacy_ids as l on l.collection = 'users' and l.new_id = m.user_id
                where m.conversation_id = c.id
                order by m.joined_at, m.id
           )
       ) as doc
  from public.conversations as c
  left join public.legacy_ids as i on i.collection = 'channels' and i.new_id = c.id
  left join public.legacy_ids as creator
    on creator.collection = 'users' and creator.new_id = c.created_by
 order by c.created_at, c.id
