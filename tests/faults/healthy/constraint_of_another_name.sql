-- own: the server gave a constraint another name; what it says is the same
-- gate: data
-- says: constraint posts_price_check is named posts_check1 after
-- on before
alter table posts add constraint posts_price_check check (price >= 0);
-- on after
alter table posts add constraint posts_check1 check (price >= 0);
