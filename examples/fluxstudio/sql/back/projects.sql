-- The projects as projects.json has them, lists in the order that they had.
select jsonb_build_object(
           'id', p.id,
           'name', p.name,
           'description', p.description,
           'teamId', p.team_id,
           'status', p.status,
           'priority', p.priority,
           'startDate', p.metadata -> 'startDate',
           'dueDate', p.metadata -> 'dueDate',
           'progress', p.metadata -> 'progress',
           'createdBy', coalesce(manager.old_id, p.manager_id::text),
           'createdAt', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'updatedAt', to_char(p.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'members', array(
               select jsonb_build_object(
                          'userId', coalesce(l.old_id, m.user_id::text),
                          'role',
                          case m.role
                              when 'manager' then 'owner'
                              when 'contributor' then 'member'
                              else m.role
                          end,
                          'joinedAt',
                          to_char(m.joined_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                      )
                 from public.project_members as m
                 left join public.legacy_ids as l on l.collection = 'users' and l.new_id = m.user_id
                where m.project_id = p.id
                order by m.joined_at, m.id
           ),
           'tasks', coalesce(p.metadata -> 'tasks', '[]'),
           'milestones', array(
               select jsonb_build_object(
                          'id', m.id,
                          'name', m.name,
                          'description', m.description,
                          'dueDate', m.due_date,
                          'completedAt',
                          to_char(m.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          'assignedTo', coalesce(l.old_id, m.assigned_to::text),
                          'createdAt',
                          to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                      )
                 from public.project_milestones as m
                 left join public.legacy_ids as l
                   on l.collection = 'users' and l.new_id = m.assigned_to
                where m.project_id = p.id
                order by m.order_index, m.id
           ),
           'files', array(
               select f.id
                 from public.files as f
                where f.project_id = p.id
                order by (f.metadata ->> 'position')::integer, f.id
           ),
           'channelMetadata', p.metadata -> 'channelMetadata'
       ) as doc
  from public.projects as p
  left join public.legacy_ids as manager
    on manager.collection = 'users' and manager.new_id = p.manager_id
 order by p.created_at, p.id
