-- F10: users are deleted where no foreign key says who belongs to them; what was theirs stays
-- gate: data
-- finds: rows public.users
-- finds: orphans public.notifications.userId -> public.users.id
-- says: point to no public.users.id
-- on after
delete from users where not "isCreator";
