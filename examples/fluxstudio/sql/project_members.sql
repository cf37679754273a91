-- Who works on a project.  The files say owner and member, for which the column has other words.
select md5(project.new::text || person.new::text)::uuid as id,
       project.new as project_id,
       person.new as user_id,
       case m.role when 'owner' then 'manager' when 'member' then 'contributor' else m.role end as role,
       '[]'::jsonb as permissions,
       null::numeric as hourly_rate,
       m."joinedAt"::timestamptz as joined_at,
       true as is_active
  from staged."projects.members" as m
  join staged.projects as p on p.record = m.parent
  left join staged.ids as project on project.collection = 'projects' and project.old = p.id
  left join staged.ids as person on person.collection = 'users' and person.old = m."userId"
