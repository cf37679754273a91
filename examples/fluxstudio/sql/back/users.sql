-- The users as users.json has them; whoever came later is known by the new id.
select jsonb_build_object(
           'id', coalesce(l.old_id, u.id::text),
           'email', u.email,
           'name', u.name,
           'userType', u.user_type,
           'createdAt', to_char(u.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) || jsonb_strip_nulls(
           jsonb_build_object('password', u.password_hash, 'googleId', u.oauth_id)
       ) as doc
  from public.users as u
  left join public.legacy_ids as l on l.collection = 'users' and l.new_id = u.id
 order by u.created_at, u.id
