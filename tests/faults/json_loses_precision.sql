-- own: numbers in JSON went through a program that knows only doubles
-- gate: data
-- finds: rows public.payloads; columns public.payloads
-- says: id = (2): changed in body
-- on both
create table payloads (id integer primary key, body jsonb);
insert into payloads values (1, '{"n": 1}'), (2, '{"n": 9007199254740993}');
-- on after
update payloads set body = '{"n": 9007199254740992}' where id = 2;
