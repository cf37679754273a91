-- own: a sequence is ahead: sequences have gaps by nature
-- gate: data
-- on both
create table orders (id integer generated always as identity primary key, total numeric(10, 2));
insert into orders (total) select n from generate_series(1, 40) as n;
create sequence down increment by -2 start 100 maxvalue 100 minvalue -100;
select nextval('down');
-- on after
select setval('orders_id_seq', 900), nextval('down'), nextval('down');
