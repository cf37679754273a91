-- own: a role reads all rows that policies hide from it before
-- gate: data
-- finds: privileges roles
-- says: role shop: nobypassrls before, bypassrls after
-- on both
create role shop login;
grant select on posts to shop;
-- on after
alter role shop bypassrls;
