-- own: a role was left behind, with all that was granted to it
-- gate: data
-- finds: privileges roles; privileges schema public
-- says: role reporting: missing after
-- says: mend: create role reporting login
-- says: role reporting: select gone on table public.users
-- on before
create role reporting login;
grant select on users to reporting;
