-- own: nobody ran ANALYZE: the planner guesses, and the first minutes are an outage
-- gate: data
-- finds: objects statistics
-- says: public.orders: planner statistics: present before, absent after
-- on both
create table orders (id integer primary key, total numeric(10, 2));
insert into orders select n, n from generate_series(1, 400) as n;
-- on after
delete from pg_statistic where starelid = 'orders'::regclass;
update pg_class set reltuples = -1 where oid = 'orders'::regclass;
