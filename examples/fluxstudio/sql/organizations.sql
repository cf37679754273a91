-- One for each person, of the same id: projects, teams and files must belong to an organisation, and
-- the files know none.  Never one for each name: two people may share a name.
select i.new as id,
       u.name,
       'studio-' || i.new::text as slug,
       null::text as description,
       'personal' as type,
       null::text as location,
       null::text as contact_email,
       null::text as contact_phone,
       null::text as website,
       null::text as logo_url,
       '{}'::jsonb as settings,
       'free' as subscription_tier,
       'active' as subscription_status,
       null::text as billing_email,
       null::text as stripe_customer_id,
       i.new as created_by,
       u."createdAt"::timestamptz as created_at,
       u."createdAt"::timestamptz as updated_at
  from staged.users as u
  left join staged.ids as i on i.collection = 'users' and i.old = u.id
