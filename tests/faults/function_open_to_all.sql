-- own: a function that only one role may call is everybody's after a restore without grants
-- gate: data
-- finds: privileges schema public
-- says: PUBLIC: execute only after on function public.wipe(integer)
-- on both
create role janitor;
create function wipe(before integer) returns integer language sql security definer
    as 'select 1';
revoke execute on function wipe(integer) from public;
grant execute on function wipe(integer) to janitor;
-- on after
grant execute on function wipe(integer) to public;
