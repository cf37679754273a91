-- F10: a table came without its primary key, and one of its rows came twice
-- gate: data
-- finds: schema public.follows; rows public.follows
-- says: public.follows: 37 rows before, 38 after
-- says: before, 2 after
-- says: constraint follows_pkey gone
-- on after
alter table follows drop constraint follows_pkey;
drop index "follows_followerId_followingId_key";
insert into follows select * from follows order by id limit 1;
