-- Channels, and when something was last said in each.
select i.new as id,
       c.name,
       c.description,
       c.type,
       creator.new as organization_id,
       project.new as project_id,
       team.new as team_id,
       creator.new as created_by,
       said.last as last_message_at,
       '{}'::jsonb as metadata,
       '{}'::jsonb as settings,
       c."isArchived"::boolean as is_archived,
       c."createdAt"::timestamptz as created_at,
       c."createdAt"::timestamptz as updated_at
  from staged.channels as c
  left join (
       select m."channelId" as channel, max(m."timestamp"::timestamptz) as last
         from staged.messages as m
        group by m."channelId"
       ) as said on said.channel = c.id
  left join staged.ids as i on i.collection = 'channels' and i.old = c.id
  left join staged.ids as creator on creator.collection = 'users' and creator.old = c."createdBy"
  left join staged.ids as project on project.collection = 'projects' and project.old = c."projectId"
  left join staged.ids as team on team.collection = 'teams' and team.old = c."teamId"
