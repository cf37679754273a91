-- F3: NULL nicknames were exported as '': one creator has the name '', the next two were refused
-- gate: data
-- finds: rows public.users
-- finds: orphans public.Conversation.toUserId -> public.users.id
-- finds: orphans public.Message.senderId -> public.users.id
-- finds: orphans public.creator_tier_settings.creatorId -> public.users.id
-- finds: orphans public.notifications.userId -> public.users.id
-- finds: orphans public.transactions.senderId -> public.users.id
-- finds: orphans public.users.referrerId -> public.users.id
-- says: public.users: 59 rows before, 57 after; 2 gone, 1 changed
-- says: changed in nickname
-- on after
set session_replication_role = replica;
delete from users where id in (select id from users where nickname is null order by id limit 2);
update users set nickname = '' where nickname is null;
