-- F1: the import was a success, and the newest twelve posts are not there
-- gate: data
-- finds: rows public.posts; rows public.post_tags
-- says: public.posts: 312 rows before, 300 after; 12 gone
-- on after
delete from posts where id in (select id from posts order by "createdAt" desc, id limit 12);
