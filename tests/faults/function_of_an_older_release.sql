-- own: a function's body is an older release's
-- gate: data
-- finds: schema public.fee(numeric)
-- on both
create function fee(amount numeric) returns numeric language sql immutable return amount * 0.10;
-- on after
create or replace function fee(amount numeric) returns numeric language sql immutable return amount * 0.05;
