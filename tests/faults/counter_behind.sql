-- own: posts are counted as they were before some of them arrived
-- gate: data
-- finds: counters public.users.postsCount; rows public.users; columns public.users
-- says: public.users.postsCount: 1 row says another count than there is (1 too much)
-- toml: [[counters]]
-- toml: column = "public.users.postsCount"
-- toml: equals = 'select "creatorId", count(*) from posts group by 1'
-- toml: warn = false
-- on after
update users set "postsCount" = "postsCount" + 1 where id = (select min(id) from users);
