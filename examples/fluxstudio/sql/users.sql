-- People.  Who came by way of Google has no password; whether an address was verified nobody wrote
-- down, so none is called verified.
select i.new as id,
       u.email,
       u.name,
       u.password as password_hash,
       u."userType" as user_type,
       null::text as avatar_url,
       null::text as phone,
       'America/New_York' as timezone,
       '{}'::jsonb as preferences,
       case when u."googleId" is not null then 'google' end as oauth_provider,
       u."googleId" as oauth_id,
       false as email_verified,
       true as is_active,
       null::timestamptz as last_login,
       u."createdAt"::timestamptz as created_at,
       u."createdAt"::timestamptz as updated_at
  from staged.users as u
  left join staged.ids as i on i.collection = 'users' and i.old = u.id
