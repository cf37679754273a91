-- own: the schema came with row security on, and without a policy: the application sees nothing
-- gate: data
-- finds: schema public.posts
-- says: public.posts: row security off before, row security on after
-- on after
alter table posts enable row level security;
