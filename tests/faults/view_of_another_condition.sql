-- own: a view of an older release, under the same name and with the same columns
-- gate: data
-- finds: schema public.open_posts
-- says: public.open_posts: query
-- on both
create view open_posts as select id, title from posts where not "isLocked";
-- on after
create or replace view open_posts as select id, title from posts where not "isPremium";
