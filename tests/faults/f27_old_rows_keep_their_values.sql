-- F27: ON CONFLICT DO NOTHING: rows of an earlier try keep their old values, and nobody is told
-- gate: data
-- finds: rows public.users; columns public.users
-- says: public.users: 59 rows on both sides, not the same; 4 changed
-- on after
update users set "followersCount" = "followersCount" + 1000, "updatedAt" = "updatedAt" - interval '40 days'
 where id in (select id from users order by id limit 4);
