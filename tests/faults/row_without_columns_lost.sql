-- own: rows without a column, and rows that moved from a child into the table it inherits from
-- gate: data
-- finds: rows public.marks; rows public.people; rows public.employees
-- says: public.marks: 3 rows before, 2 after
-- on both
create table marks ();
insert into marks default values;
insert into marks default values;
insert into marks default values;
create table people (id integer, name text);
create table employees (salary integer) inherits (people);
insert into employees values (1, 'Ann', 10), (2, 'Bob', 20);
-- on after
delete from marks where ctid = (select min(ctid) from marks);
with moved as (delete from employees where id = 1 returning id, name) insert into people select * from moved;
