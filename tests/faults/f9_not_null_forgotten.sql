-- F9: a hot fix adds a column, and forgets that it must not be NULL
-- gate: data
-- finds: schema public.subscriptions
-- says: public.subscriptions.paymentStatus: not null before, nullable after
-- on after
alter table subscriptions alter column "paymentStatus" drop not null;
