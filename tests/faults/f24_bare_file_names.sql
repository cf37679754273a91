-- F24: bare file names without the leading slash, and a thumb_ of nothing
-- gate: app
-- finds: media public.users.avatar; media public.posts.thumbnail
-- says: is thumb_ of nothing
-- on after
update users set avatar = regexp_replace(avatar, '^.*/', '') where avatar like '%.png';
update posts set thumbnail = '/media/thumbposts/thumb_.webp'
 where id = (select min(id) from posts where thumbnail is not null);
