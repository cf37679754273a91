-- own: everybody who may connect can read the users
-- gate: data
-- finds: privileges schema public
-- says: PUBLIC: select only after on table public.users
-- says: mend: revoke select on table public.users from public
-- on after
grant select on users to public;
