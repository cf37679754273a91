-- own: a role was let see one column, and sees none
-- gate: data
-- finds: privileges schema public
-- says: role support: select gone on column public.users.email
-- says: mend: grant select (email) on table public.users to support
-- on both
create role support;
grant select (id, email) on users to support;
-- on after
revoke select (email) on users from support;
