-- own: what the next migration makes, the application may not read
-- gate: data
-- finds: privileges default privileges
-- says: role shop: select gone on new tables of postgres in schema public
-- says: mend: alter default privileges for role postgres in schema public grant select on tables
-- on both
create role shop;
alter default privileges in schema public grant select, insert on tables to shop;
-- on after
alter default privileges in schema public revoke select on tables from shop;
