-- F6: the three users who are no creators were simply not exported
-- gate: data
-- finds: rows public.users
-- says: public.users: 59 rows before, 56 after; 3 gone
-- on after
delete from users where not "isCreator";
