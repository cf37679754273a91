-- F6: the three users who are no creators were not exported, nor what the database knew as theirs
-- gate: data
-- finds: rows public.users; rows public.follows; rows public.post_purchases; rows public.sessions
-- finds: rows public.user_settings; rows public.transactions; columns public.transactions
-- finds: orphans public.notifications.userId -> public.users.id
-- finds: orphans public.transactions.receiverId -> public.users.id
-- says: public.users: 59 rows before, 56 after; 3 gone
-- says: postPurchaseId: 3 values became NULL (NULL in 7 of 16 rows before, 10 of 16 after)
-- on after
delete from users where not "isCreator";
