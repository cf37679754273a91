-- F26: a script made every user a creator
-- gate: data
-- finds: rows public.users; columns public.users
-- says: isCreator: distribution changed: false 3 before, 0 after; true 56 before, 59 after
-- on after
update users set "isCreator" = true;
