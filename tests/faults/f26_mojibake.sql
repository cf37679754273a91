-- F26: UTF-8 was read as Latin-1 on its way
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: are mojibake: UTF-8 that was read as Latin-1
-- on after
update posts set title = convert_from(convert_to(title, 'UTF8'), 'LATIN1')
 where octet_length(title) > char_length(title);
