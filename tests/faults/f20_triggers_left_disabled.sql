-- F20: a restore turned the triggers off, and ended before it turned them on
-- gate: data
-- finds: objects triggers; schema public.posts
-- says: triggers of constraint posts_creatorId_fkey: enabled before, disabled after
-- on after
alter table posts disable trigger all;
