-- own: a column is narrower: the values of today fit, those of tomorrow are rounded
-- gate: data
-- finds: schema public.posts
-- says: public.posts.imageAspectRatio: numeric(65,30) before, numeric(10,2) after
-- on both
update posts set "imageAspectRatio" = round("imageAspectRatio", 2);
-- on after
alter table posts alter column "imageAspectRatio" type numeric(10, 2);
