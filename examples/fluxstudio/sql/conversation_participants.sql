-- Who reads a channel, and how far.
select md5(channel.new::text || person.new::text)::uuid as id,
       channel.new as conversation_id,
       person.new as user_id,
       m.role,
       m."joinedAt"::timestamptz as joined_at,
       m."lastReadAt"::timestamptz as last_read_at,
       false as is_muted,
       false as is_pinned
  from staged."channels.members" as m
  join staged.channels as c on c.record = m.parent
  left join staged.ids as channel on channel.collection = 'channels' and channel.old = c.id
  left join staged.ids as person on person.collection = 'users' and person.old = m."userId"
