-- P12: IF NOT EXISTS was content with the names; what they stand for is another thing
-- gate: data
-- finds: schema public.comments; schema public.posts
-- says: constraint comments_postId_fkey
-- says: ON UPDATE CASCADE ON DELETE CASCADE before
-- says: public.posts.isLocked: default false before, none after
-- on after
alter table comments drop constraint "comments_postId_fkey";
alter table comments add constraint "comments_postId_fkey"
    foreign key ("postId") references posts (id) on delete cascade;
alter table posts alter column "isLocked" drop default;
