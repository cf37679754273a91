-- own: integer becomes bigint: said once, of the schema; the values are the same
-- gate: data
-- finds: schema public.posts
-- says: public.posts.viewsCount: integer before, bigint after
-- on after
alter table posts alter column "viewsCount" type bigint;
