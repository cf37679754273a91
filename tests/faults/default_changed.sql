-- own: new rows will get another currency than the old ones had
-- gate: data
-- finds: schema public.posts
-- says: public.posts.currency: default 'SOL'::text before, 'USD'::text after
-- on after
alter table posts alter column currency set default 'USD';
