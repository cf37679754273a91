-- own: timestamp(3) becomes timestamptz: one difference of the schema, and none of any row
-- gate: data
-- finds: schema public.Message
-- says: public.Message.createdAt: timestamp(3) without time zone before, timestamp with time zone after
-- on after
set timezone to 'UTC';
alter table "Message" alter column "createdAt" type timestamptz;
