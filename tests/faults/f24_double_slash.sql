-- F24: a prefix was put in front of paths that begin with a slash
-- gate: app
-- finds: media public.posts.thumbnail
-- says: has a double slash
-- on after
update posts set thumbnail = replace(thumbnail, '/media/', '/media//')
 where id in (select id from posts where thumbnail like '/media/%' order by id limit 3);
