-- own: another order of columns
-- gate: data
-- says: columns in the order id, name, age before, age, id, name after
-- on before
create table people (id integer primary key, name text, age integer);
insert into people select n, 'name ' || n, n % 90 from generate_series(1, 300) as n;
analyze people;
-- on after
create table people (age integer, id integer primary key, name text);
insert into people (id, name, age) select n, 'name ' || n, n % 90 from generate_series(1, 300) as n;
analyze people;
