-- F26: an escaper wrote two backslashes and an n where a line ended
-- gate: data
-- finds: rows public.posts; columns public.posts; rows public.users; columns public.users
-- says: 102 values more hold doubled backslashes (0 before, 102 after)
-- says: bio: 3 values more hold a backslash and a letter
-- on after
update posts set content = replace(content, e'\n', '\\n');
update users set bio = replace(bio, e'\n', '\\n');
