-- F24: paths still name the storage host of the old platform
-- gate: app
-- finds: media public.posts.mediaUrl
-- on after
update posts set "mediaUrl" = 'http://127.0.0.1:9/storage' || "mediaUrl"
 where "mediaUrl" like '/media/tests/%';
