-- F18: the target's schema has drifted: columns that the source does not know
-- gate: data
-- finds: schema public.users; schema public.posts
-- says: public.users: column email_verified only after
-- says: public.posts: column mediaUrl_backup only after
-- on after
alter table users add column email_verified boolean;
alter table posts add column "mediaUrl_backup" text;
