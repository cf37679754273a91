-- own: what is declared in few words and matters: each object is named, and nothing beside it
-- gate: data
-- finds: schema public.bills; schema public.lines; schema domain public.price; schema public.open
-- finds: schema function public.fee(integer); schema other.kept
-- says: public.bills.total: generated
-- says: constraint lines_bill_fkey
-- says: index bills_open_idx
-- says: comment
-- on both
create domain price as numeric check (value >= 0);
create table bills (
    id integer primary key, net price, total numeric generated always as (net * 1.2) stored, paid boolean
);
create index bills_open_idx on bills (id) where not paid;
create table lines (
    bill integer constraint lines_bill_fkey references bills deferrable initially deferred, text text
);
create view open with (security_barrier) as select id from bills where not paid;
create function fee(amount integer) returns integer language sql stable security definer return amount;
create schema other;
create table other.kept (id integer primary key);
comment on table other.kept is 'until 2031';
-- on after
alter table bills drop column total;
alter table bills add column total numeric generated always as (net * 1.19) stored;
drop index bills_open_idx;
create index bills_open_idx on bills (id) where paid;
alter table lines alter constraint lines_bill_fkey not deferrable;
alter domain price drop constraint price_check;
alter view open reset (security_barrier);
alter function fee(integer) security invoker;
comment on table other.kept is null;
