-- X2: "already exists" counted as success, after the whole file had been rolled back
-- gate: data
-- finds: schema public.Message; schema public.MessagePurchase
-- says: index Message_senderId_idx gone
-- says: constraint MessagePurchase_messageId_fkey gone
-- on after
drop index "Message_senderId_idx";
alter table "MessagePurchase" drop constraint "MessagePurchase_messageId_fkey";
