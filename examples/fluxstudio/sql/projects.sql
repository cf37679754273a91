-- Projects.  A start has a time of day, which the column `start_date` has no room for; tasks have no
-- table at all: both are kept as they were written, in `metadata`.
select i.new as id,
       p.name,
       p.description,
       'project-' || i.new::text as slug,
       manager.new as organization_id,
       team.new as team_id,
       manager.new as manager_id,
       null::uuid as client_id,
       p.status,
       p.priority,
       'unspecified' as project_type,
       'unspecified' as service_category,
       'standard' as service_tier,
       'unspecified' as ensemble_type,
       null::numeric as budget,
       null::integer as estimated_hours,
       0 as actual_hours,
       (p."startDate"::timestamptz at time zone 'UTC')::date as start_date,
       (p."dueDate"::timestamptz at time zone 'UTC')::date as due_date,
       null::date as completion_date,
       jsonb_build_object(
           'startDate', p."startDate",
           'dueDate', p."dueDate",
           'progress', p.progress::numeric,
           'tasks', p.tasks,
           'channelMetadata', p."channelMetadata"
       ) as metadata,
       '{}'::jsonb as settings,
       '{}'::text[] as tags,
       false as is_template,
       null::uuid as template_id,
       p."createdAt"::timestamptz as created_at,
       p."updatedAt"::timestamptz as updated_at
  from staged.projects as p
  left join staged.ids as i on i.collection = 'projects' and i.old = p.id
  left join staged.ids as manager on manager.collection = 'users' and manager.old = p."createdBy"
  left join staged.ids as team on team.collection = 'teams' and team.old = p."teamId"
