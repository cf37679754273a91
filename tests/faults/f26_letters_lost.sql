-- F26: what a terminal could not show came through as U+FFFD
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: hold U+FFFD, which stands for a character that was lost
-- on after
update posts set content = regexp_replace(content, '[^[:ascii:]]', U&'\FFFD', 'g')
 where octet_length(content) > char_length(content);
