-- own: a table's owner took a right from itself, and only the copy lets it delete
-- gate: data
-- finds: privileges schema public
-- says: the owner: delete only after on table public.posts
-- on both
revoke delete on posts from postgres;
-- on after
grant delete on posts to postgres;
