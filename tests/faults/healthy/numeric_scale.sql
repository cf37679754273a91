-- own: 1.330 and 1.330000 are one value where the column sets no scale
-- gate: data
-- says: public.rates: equal in value; numerics are written with another scale: rate
-- on both
create table rates (id integer primary key, rate numeric);
insert into rates values (1, 1.330), (2, -0.5), (3, 'NaN'), (4, null);
-- on after
update rates set rate = round(rate, 6) where id = 1;
