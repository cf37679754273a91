-- F5: prices that were NULL arrive as 0; every count of rows is right
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: price: NULL became 0 in 245 rows
-- on after
update posts set price = 0 where price is null;
