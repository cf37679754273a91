-- own: rows pointed nowhere before already; they still do
-- gate: data
-- says: public.notifications.userId -> public.users.id: 40 orphans, all inherited
-- says: public.posts.creatorId -> public.users.id: 2 orphans, all inherited
-- on both
set session_replication_role = replica;
update notifications set "userId" = 'gone-long-ago'
 where id in (select id from notifications order by id limit 40);
update posts set "creatorId" = 'nobody' where id in (select id from posts order by id limit 2);
