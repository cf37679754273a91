-- P15: games at 1970-01-01, which nobody noticed until somebody repaired them in production
-- gate: pre
-- toml: [[content]]
-- toml: column = "public.posts.createdAt"
-- toml: min = 2020-01-01
-- finds: content public.posts
-- says: of 312 rows hold a moment before 2020-01-01: 1970-01-01 00:00:00 in 2
-- on before
update posts set "createdAt" = 'epoch' where id in (select id from posts order by id limit 2);
