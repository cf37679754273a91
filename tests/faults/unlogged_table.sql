-- own: a table became unlogged to be loaded faster: the next crash empties it
-- gate: data
-- finds: schema public.notifications
-- says: public.notifications: persistence permanent before, unlogged after
-- on after
alter table notifications set unlogged;
