-- own: a column on the way held a hundred characters
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: cut at 100 characters: the longest had 306
-- on after
update posts set content = left(content, 100);
