-- F18: posts were loaded before users, refused by the foreign key, and the restore went on: 59/0
-- gate: data
-- finds: rows public.posts; rows public.post_tags; rows public.comments; rows public.flash_sales
-- finds: rows public.post_purchases
-- says: public.posts: 312 rows before, 0 after; 312 gone
-- on after
delete from posts;
