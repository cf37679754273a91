-- own: what a role could hand on, it can only use itself
-- gate: data
-- finds: privileges schema public
-- says: role reporting: select on table public.users: with grant option before, without after
-- on both
create role reporting;
grant select on users to reporting with grant option;
-- on after
revoke grant option for select on users from reporting;
