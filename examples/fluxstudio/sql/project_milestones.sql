-- Milestones, in the order in which the project lists them.
select m.id::uuid as id,
       project.new as project_id,
       m.name,
       m.description,
       m."dueDate"::date as due_date,
       m."completedAt"::timestamptz as completed_at,
       person.new as assigned_to,
       (m.position - 1)::integer as order_index,
       true as is_required,
       m."createdAt"::timestamptz as created_at,
       m."createdAt"::timestamptz as updated_at
  from staged."projects.milestones" as m
  join staged.projects as p on p.record = m.parent
  left join staged.ids as project on project.collection = 'projects' and project.old = p.id
  left join staged.ids as person on person.collection = 'users' and person.old = m."assignedTo"
