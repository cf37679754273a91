-- own: the application's role is there, and may not log in
-- gate: data
-- finds: privileges roles
-- says: role shop: login before, nologin after
-- says: mend: alter role shop login
-- on both
create role shop login;
grant select on posts to shop;
-- on after
alter role shop nologin;
