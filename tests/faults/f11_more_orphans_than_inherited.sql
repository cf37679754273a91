-- F11: forty rows pointed nowhere before already; the migration adds two, and they are told apart
-- gate: data
-- finds: rows public.notifications; columns public.notifications
-- finds: orphans public.notifications.userId -> public.users.id
-- says: public.notifications.userId: 2 rows point to no public.users.id, besides 40 inherited
-- on both
update notifications set "userId" = 'gone-long-ago'
 where id in (select id from notifications order by id limit 40);
-- on after
update notifications set "userId" = 'gone-now'
 where id in (select id from notifications order by id desc limit 2);
