-- F5: text posts without media arrive with '' for a path
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: mediaUrl: NULL became '' in 15 rows
-- says: thumbnail: NULL became '' in 15 rows
-- on after
update posts set "mediaUrl" = '', thumbnail = '' where "mediaUrl" is null;
