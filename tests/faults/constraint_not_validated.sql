-- own: a check was added NOT VALID, and nobody looked at the rows that were there
-- gate: data
-- finds: schema public.posts; objects constraints
-- says: constraint posts_price_check: validated before, not validated after
-- on both
alter table posts add constraint posts_price_check check (price >= 0);
-- on after
alter table posts drop constraint posts_price_check;
alter table posts add constraint posts_price_check check (price >= 0) not valid;
