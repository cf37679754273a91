-- The messages as messages.json has them; a priority is written only where somebody set one.
select jsonb_build_object(
           'id', coalesce(i.old_id, m.id::text),
           'channelId', coalesce(channel.old_id, m.conversation_id::text),
           'userId', coalesce(author.old_id, m.author_id::text),
           'text', m.content,
           'type', m.message_type,
           'mentions', array(
               select coalesce(l.old_id, one.id::text)
                 from unnest(m.mentions) with ordinality as one (id, position)
                 left join public.legacy_ids as l on l.collection = 'users' and l.new_id = one.id
                order by one.position
           ),
           'attachments', m.attachments,
           'reactions', array(
               select jsonb_build_object(
                          'userId', coalesce(l.old_id, r.user_id::text),
                          'emoji', r.reaction,
                          'at',
                          to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                      )
                 from public.message_reactions as r
                 left join public.legacy_ids as l on l.collection = 'users' and l.new_id = r.user_id
                where r.message_id = m.id
                order by r.created_at, r.id
           ),
           'replyTo', coalesce(answered.old_id, m.reply_to_id::text),
           'editedAt', to_char(m.edited_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'timestamp', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) || case
           when m.priority = 'normal' then '{}'
           else jsonb_build_object('priority', m.priority)
       end as doc
  from public.messages as m
  left join public.legacy_ids as i on i.collection = 'messages' and i.new_id = m.id
  left join public.legacy_ids as channel
    on channel.collection = 'channels' and channel.new_id = m.conversation_id
  left join public.legacy_ids as author
    on author.collection = 'users' and author.new_id = m.author_id
  left join public.legacy_ids as answered
    on answered.collection = 'messages' and answered.new_id = m.reply_to_id
 order by m.created_at, m.id
