-- own: posts without an author are counted and not listed: the API contradicts itself
-- gate: app
-- finds: endpoint /api/posts
-- says: GET /api/posts: lists 310, its own total is 312
-- on after
set session_replication_role = replica;
update posts set "creatorId" = 'nobody' where id in (select id from posts order by id limit 2);
