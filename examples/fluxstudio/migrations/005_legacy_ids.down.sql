-- Takes 005 back.

drop table public.legacy_ids;
