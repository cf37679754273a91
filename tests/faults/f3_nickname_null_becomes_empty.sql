-- F3: NULL nicknames were exported as '': one creator has the name '', the next two were refused
-- gate: data
-- finds: rows public.users; columns public.users
-- says: public.users: 59 rows before, 57 after; 2 gone, 1 changed
-- says: changed in nickname
-- on after
delete from users where id in (select id from users where nickname is null order by id limit 2);
update users set nickname = '' where nickname is null;
