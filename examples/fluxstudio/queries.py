"""What does the application ask its database?  Every column by name."""

from __future__ import annotations

from sqlalchemy import text

ALIVE = text("select 1 as alive")

USERS = text("""
select id, email, name, user_type as "userType", created_at as "createdAt"
  from public.users
 order by created_at, id
 limit :limit offset :offset
""")

USER_COUNT = text("select count(*) as total from public.users")

PROJECTS = text("""
select p.id, p.name, p.description, p.team_id as "teamId", p.status, p.priority,
       p.start_date as "startDate", p.due_date as "dueDate", p.manager_id as "createdBy",
       p.created_at as "createdAt", p.updated_at as "updatedAt",
       (select count(*) from public.project_members as m where m.project_id = p.id) as "memberCount"
  from public.projects as p
 order by p.created_at, p.id
 limit :limit offset :offset
""")

PROJECT_COUNT = text("select count(*) as total from public.projects")

# Two messages may be of one moment; the key makes the order total, so that pages neither repeat
# nor lose one.
MESSAGES = text("""
select id, conversation_id as "channelId", author_id as "userId", content as text,
       message_type as type, attachments, reply_to_id as "replyTo", created_at as timestamp
  from public.messages
 order by created_at desc, id
 limit :limit offset :offset
""")

CHANNEL = text("""
select id, conversation_id as "channelId", author_id as "userId", content as text,
       message_type as type, attachments, reply_to_id as "replyTo", created_at as timestamp
  from public.messages
 where conversation_id = cast(:channel as uuid)
 order by created_at desc, id
 limit :limit offset :offset
""")

# Two statements: one that would do for both is planned for neither.
MESSAGE_COUNT = text("select count(*) as total from public.messages")

CHANNEL_COUNT = text("""
select count(*) as total from public.messages where conversation_id = cast(:channel as uuid)
""")

SAY = text("""
insert into public.messages (conversation_id, author_id, content)
select c.id, u.id, cast(:text as text)
  from (select id
          from public.conversations
         where cast(:channel as uuid) is null or id = cast(:channel as uuid)
         order by created_at, id
         limit 1) as c,
       (select id
          from public.users
         where cast(:user as uuid) is null or id = cast(:user as uuid)
         order by created_at, id
         limit 1) as u
returning id, conversation_id as "channelId", author_id as "userId", content as text,
          message_type as type, attachments, reply_to_id as "replyTo", created_at as timestamp
""")

UNSAY = text("delete from public.messages where id = cast(:id as uuid) returning id")

# Whoever uploads without a name does so for the studio, whose first user this is.
ADD_FILE = text("""
insert into public.files (id, name, original_name, file_path, file_url, mime_type, file_size,
                          organization_id, uploaded_by, metadata)
select cast(:id as uuid), :filename, :originalName, :path, :url, :mimetype, :size, o.id, u.id,
       '{"tags": [], "isPublic": false}'
  from (select id from public.users order by created_at, id limit 1) as u
  join public.organizations as o on o.created_by = u.id
returning id
""")

FILE = text("""
select id, name as filename, original_name as "originalName", file_url as url, file_size as size,
       mime_type as mimetype
  from public.files
 where id = cast(:id as uuid)
""")

REMOVE_FILE = text("""
delete from public.files where id = cast(:id as uuid) returning name as filename
""")
