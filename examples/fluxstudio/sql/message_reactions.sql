-- What was thought of a message.
select md5(message.new::text || person.new::text || r.emoji)::uuid as id,
       message.new as message_id,
       person.new as user_id,
       r.emoji as reaction,
       r."at"::timestamptz as created_at
  from staged."messages.reactions" as r
  join staged.messages as m on m.record = r.parent
  left join staged.ids as message on message.collection = 'messages' and message.old = m.id
  left join staged.ids as person on person.collection = 'users' and person.old = r."userId"
