-- F20: loaded as superuser with triggers off: orphans inside, and the foreign key says it is valid
-- gate: data
-- finds: rows public.posts; columns public.posts
-- finds: orphans public.posts.creatorId -> public.users.id
-- says: public.posts.creatorId: 3 rows point to no public.users.id
-- on after
set session_replication_role = replica;
update posts set "creatorId" = 'nobody' where id in (select id from posts order by id limit 3);
