-- F18: posts were loaded before users, refused by the foreign key, and the restore went on: 59/0
-- gate: data
-- finds: rows public.posts; rows public.post_tags; rows public.comments; rows public.post_purchases
-- finds: rows public.transactions; columns public.transactions
-- says: public.posts: 312 rows before, 0 after; 312 gone
-- says: postPurchaseId: 9 values became NULL (NULL in 7 of 16 rows before, 16 of 16 after)
-- on after
delete from posts;
