-- F10: the source has lost foreign keys; users are deleted, and what was theirs stays
-- gate: data
-- finds: rows public.users
-- finds: orphans public.sessions.user_id -> public.users.id
-- finds: orphans public.user_settings.userId -> public.users.id
-- says: public.sessions.user_id: 1 row points to no public.users.id
-- toml: [[references]]
-- toml: child = "public.sessions.user_id"
-- toml: parent = "public.users.id"
-- toml: [[references]]
-- toml: child = "public.user_settings.userId"
-- toml: parent = "public.users.id"
-- on both
alter table sessions drop constraint sessions_user_id_fkey;
alter table user_settings drop constraint "user_settings_userId_fkey";
insert into users (id, wallet, "createdAt", "updatedAt")
values ('left-early', 'no wallet', '2025-01-01', '2025-01-01');
insert into sessions values ('s', 'token', 'left-early', '2025-01-01');
insert into user_settings (id, "userId", "createdAt", "updatedAt")
values ('s', 'left-early', '2025-01-01', '2025-01-01');
-- on after
delete from users where id = 'left-early';
