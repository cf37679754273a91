-- F25: "100 % visual content": posts of film and of text have become pictures
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: type: distribution changed
-- on after
update posts set type = 'image' where type in ('video', 'text');
