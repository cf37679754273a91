-- F1: a "critical success" with 4 users of 59, and what hung on the others gone with them
-- gate: data
-- finds: rows public.users; rows public.accounts; rows public.sessions; rows public.user_settings
-- finds: rows public.creator_tier_settings; rows public.follows; rows public.posts
-- says: public.users: 59 rows before, 4 after; 55 gone
-- on after
set session_replication_role = replica;
delete from users where id not in (select id from users order by id limit 4);
