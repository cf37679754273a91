-- F20: a restore turned the triggers off, and ended before it turned them on
-- gate: data
-- finds: objects triggers; schema public.MessagePurchase
-- says: triggers of constraint MessagePurchase_messageId_fkey: enabled before, disabled after
-- on after
alter table "MessagePurchase" disable trigger all;
