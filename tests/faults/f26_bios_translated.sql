-- F26: a script "translated" biographies in place
-- gate: data
-- finds: rows public.users; columns public.users
-- says: bio: values changed
-- on after
update users set bio = 'Photographer and traveller' where id in
    (select id from users where bio is not null and octet_length(bio) = char_length(bio) order by id limit 2);
