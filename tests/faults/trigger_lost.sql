-- own: a trigger that kept a count is not there
-- gate: data
-- finds: schema public.likes
-- says: trigger likes_counted gone
-- on both
create function count_like() returns trigger language plpgsql as 'begin return new; end';
create trigger likes_counted before insert on likes for each row execute function count_like();
-- on after
drop trigger likes_counted on likes;
