-- own: a count that was wrong before is as wrong after: inherited, and said
-- gate: data
-- says: public.users.postsCount: 1 row says another count than there is (1 too much)
-- says: it did before
-- toml: [[counters]]
-- toml: column = "public.users.postsCount"
-- toml: equals = 'select "creatorId", count(*) from posts group by 1'
-- toml: warn = false
-- on both
update users set "postsCount" = "postsCount" + 1 where id = (select min(id) from users);
