-- Many tenants: a schema each, alike but for a little, and what they share.
create schema shared;
create function shared.plus(numeric, integer) returns numeric language sql immutable
  as 'select $1 + coalesce($2, 0)';
create function shared.done(numeric) returns text language sql immutable as 'select $1::text';
create aggregate shared.total(integer) (
  sfunc = shared.plus, stype = numeric, finalfunc = shared.done, finalfunc_modify = read_only,
  initcond = '0', combinefunc = pg_catalog.numeric_add, parallel = safe);
create aggregate shared.rank_of(double precision order by double precision) (
  sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_cont_float8_final);
create aggregate shared.moved(integer) (
  sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer,
  minitcond = '5', initcond = '1', sspace = 8);
create function shared.row_no() returns bigint language internal window immutable as 'window_row_number';
create function shared.equal(text, text) returns boolean language internal immutable strict
  as 'texteq';
create operator shared.=== (leftarg = text, rightarg = text, function = shared.equal,
  restrict = eqsel, join = eqjoinsel, hashes, merges, commutator = operator(shared.===));
create function shared.negate(integer) returns integer language sql immutable return - $1;
create operator shared.!! (rightarg = integer, function = shared.negate);
create domain shared.tenant_id as uuid not null;
create table shared.tenant (id shared.tenant_id primary key, name text not null, plan smallint default 1);
comment on aggregate shared.total(integer) is 'with a null as nought';
create type shared.level as enum ();
alter type shared.level add value 'low';
create collation shared.plain (locale = 'C');
create collation shared.posix from "POSIX";
do $tenants$
declare name text;
begin
  foreach name in array array['acme', 'Globex', 'initech-2'] loop
    execute format('create schema %1$I authorization trip_owner;
      create table %1$I.account (
        id bigint generated always as identity (cache 10), tenant shared.tenant_id,
        balance numeric(14, 4) not null default 0.0000,
        level shared.level, label text collate shared.plain,
        primary key (id), foreign key (tenant) references shared.tenant on delete cascade);
      create table %1$I.booking (
        account bigint not null references %1$I.account, at timestamptz not null default now(),
        amount numeric not null check (amount <> 0), primary key (account, at));
      create view %1$I.balances as
        select a.id, shared.total(b.amount::integer) as total, count(*) as bookings,
               shared.rank_of(0.5) within group (order by b.amount::double precision) as median
        from %1$I.account a join %1$I.booking b on b.account = a.id
        where a.label operator(shared.===) ''x'' group by a.id;
      create function %1$I.book(account bigint, amount numeric) returns void language plpgsql
        set search_path = %1$I as $$begin insert into booking values ($1, now(), $2); end$$;
      create index account_label on %1$I.account (label collate "C" text_pattern_ops);
      grant usage on schema %1$I to trip_reader;
      grant select on all tables in schema %1$I to trip_reader;
      grant execute on all functions in schema %1$I to trip_writer;
      alter default privileges for role trip_owner in schema %1$I grant all on tables to trip_writer;
      alter table %1$I.booking owner to trip_writer', name);
  end loop;
end
$tenants$;
alter table "Globex".account add column extra jsonb default '[]';
alter table acme.booking alter at set default clock_timestamp();
alter default privileges for role trip_owner revoke execute on functions from public;
