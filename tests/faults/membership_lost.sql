-- own: the application's role is no member of the role that may write
-- gate: data
-- finds: privileges roles
-- says: role shop: a member of writers before, not after
-- says: mend: grant writers to shop
-- on both
create role writers;
create role shop login;
grant insert, update on posts to writers;
grant writers to shop;
-- on after
revoke writers from shop;
