-- Takes 002 back.

drop table public.notifications;
drop table public.message_reactions;
drop table public.messages;
drop table public.conversation_participants;
drop table public.conversations;
