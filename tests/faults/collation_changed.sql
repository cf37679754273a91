-- own: nicknames sort otherwise: the column was made with another collation
-- gate: data
-- finds: schema public.users
-- says: public.users.nickname: collation
-- on after
alter table users alter column nickname type text collate "C";
