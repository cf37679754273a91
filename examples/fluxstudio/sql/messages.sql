-- Messages.  Whom one mentions it mentions still, in that order; somebody who is nobody stays as a
-- NULL that `export` will ask about.
select i.new as id,
       channel.new as conversation_id,
       author.new as author_id,
       m.text as content,
       m.type as message_type,
       coalesce(m.priority, 'normal') as priority,
       'sent' as status,
       answered.new as reply_to_id,
       null::uuid as thread_id,
       array(
           select person.new
             from jsonb_array_elements_text(m.mentions) with ordinality as one (old, position)
             left join staged.ids as person on person.collection = 'users' and person.old = one.old
            order by one.position
       ) as mentions,
       m.attachments,
       '{}'::jsonb as metadata,
       m."editedAt"::timestamptz as edited_at,
       null::timestamptz as deleted_at,
       m."timestamp"::timestamptz as created_at
  from staged.messages as m
  left join staged.ids as i on i.collection = 'messages' and i.old = m.id
  left join staged.ids as channel on channel.collection = 'channels' and channel.old = m."channelId"
  left join staged.ids as author on author.collection = 'users' and author.old = m."userId"
  left join staged.ids as answered on answered.collection = 'messages' and answered.old = m."replyTo"
