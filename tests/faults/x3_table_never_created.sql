-- X3: a migration returned early, and is recorded: a table, empty as it was, is not there
-- gate: data
-- finds: schema public.auction_payments; rows public.auction_payments
-- finds: orphans public.auction_payments.postId -> public.posts.id
-- finds: orphans public.auction_payments.userId -> public.users.id
-- says: public.auction_payments: missing after
-- on after
drop table auction_payments;
