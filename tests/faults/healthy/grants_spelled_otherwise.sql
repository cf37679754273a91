-- own: grants are the same in another order, and where a default is written out
-- gate: data
-- says: maintain, which the other server cannot grant, was not compared: after it is granted to
-- on both
create role shop;
create role reporting;
create function next_month() returns integer language sql as 'select 1';
-- on before
grant select on users to shop;
grant insert, select on posts to reporting;
grant all on comments to shop;
-- on after
grant select, insert on posts to reporting;
grant select on users to shop;
grant all on comments to shop;
-- the lists of these are written out now, and say what they said
grant select on likes to shop;
revoke select on likes from shop;
grant execute on function next_month() to shop;
revoke execute on function next_month() from shop;
alter default privileges grant select on tables to shop;
alter default privileges revoke select on tables from shop;
