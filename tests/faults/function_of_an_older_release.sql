-- own: a function's body is an older release's
-- gate: data
-- finds: schema function public.fee(numeric)
-- says: statements RETURN (amount * 0.10) before, RETURN (amount * 0.05) after
-- on both
create function fee(amount numeric) returns numeric language sql immutable return amount * 0.10;
-- on after
create or replace function fee(amount numeric) returns numeric language sql immutable return amount * 0.05;
