-- own: a role can no longer read what it could
-- gate: data
-- finds: privileges schema public
-- says: role reporting: select gone on 2 tables of public: posts, users
-- says: mend: grant select on table public.posts, public.users to reporting
-- on both
create role reporting;
grant select on users, posts, comments to reporting;
-- on after
revoke select on users, posts from reporting;
