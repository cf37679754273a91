-- own: text that was mojibake, or lost its letters, in the source already
-- gate: data
-- on both
update posts set title = 'Ð¿Ñ€Ð¸Ð²ÐµÑ‚ ?? \n\\' || U&'\FFFD' where id in (select id from posts order by id limit 9);
update users set nickname = nickname || ' ' where id = (select min(id) from users where nickname is not null);
