-- Everybody owns the organisation that was made for them, and is nobody else's member.
select i.new as id,
       i.new as organization_id,
       i.new as user_id,
       'owner' as role,
       '[]'::jsonb as permissions,
       null::uuid as invited_by,
       u."createdAt"::timestamptz as joined_at,
       true as is_active
  from staged.users as u
  left join staged.ids as i on i.collection = 'users' and i.old = u.id
