-- What has grown for decades: inheritance, rules, views on views, odd names, odd defaults.
create schema old;
create schema "Old Stuff";
create sequence old.numbers as integer increment -2 minvalue -1000 maxvalue 1000 start 10 cache 5;
create sequence old.lonely owned by none;
create unlogged table old.scratch (k integer, v text default E'a\tb\\c''d');
create table old.base (
  id integer not null default nextval('old.numbers'),
  made timestamp without time zone default ('now'::text)::timestamp without time zone,
  what "char" default 'x',
  flag boolean default (not true),
  amount numeric default 1.50,
  share double precision default (1 / 3::double precision),
  left_over text,
  constraint positive check (id > 0) no inherit,
  constraint everywhere check (amount >= 0 or amount is null)
);
alter table old.base drop column left_over;
alter table old.base add column added integer default 7 not null;
create table old.person (name text not null, born date, constraint alive check (born > '1850-01-01'));
create table old.employee (salary integer, name text, primary key (name)) inherits (old.base, old.person);
create table old.manager (bonus integer default 0) inherits (old.employee);
alter table old.employee alter amount set default 99;
alter table old.manager no inherit old.employee;
alter table old.manager add check (bonus >= 0);
create table old.typed_base (a integer, b text);
create type old.kind as (a integer, b varchar(5));
create table old.typed of old.kind (a primary key, b with options default 'none');
alter sequence old.numbers owned by old.base.id;

create view old.v1 as select id, made, amount from old.base where flag is not true;
create view old.v2 as select v1.id as "Id", v1.amount::numeric(8,2) as amount, made from old.v1;
create view old.v3 as
  select "Id", sum(amount) over () total, count(*) filter (where amount > 3) over () c
  from old.v2 where made between '2001-01-01' and '2002-01-01' or made is null;
create view old.v4 as
  select x."Id", y.name, case x."Id" when 1 then 'one' when 2 then 'two' else 'many' end as word,
         coalesce(y.salary, 0)::text || ' ' || y.name as told, (x.total > 5) is true as rich,
         x.total between symmetric 9 and 3 as within, y.born + '1 mon'::interval as later,
         extract(dow from y.born) as dow, y.name collate "C" < 'M' as first_half,
         position('a' in y.name), substring(y.name from '^.') as initial, y.name like any (array['a%', 'b%'])
  from old.v3 x full join old.employee y on y.id = x."Id"
  where (y.name, x."Id") in (select 'a', 1 union select 'b', 2) or row(y.salary, 1) < row(5, 2);
create view old.v5 (a, b) as values (1, 'x'), (2, 'y');
create view old.v6 as table old.v5;
create view old.v7 as
  (select id from old.base except all select id from only old.base)
  union (select k from old.scratch intersect select a from old.v6) order by 1;
create view old.v8 as
  select * from (old.person p natural join old.employee e (i, m, w, f, am, sh, ad, name)) as j
  where exists (select 1 from old.v5 where v5.a = j.i);
create view old.v9 as
  with told as not materialized (select b, count(*) n from old.v5 group by b),
       sums as (select cume_dist() over (order by n), n from told)
  select n, (select max(b) from told t where t.n = sums.n) from sums for update;
create view old.simple as select id, what from old.base;
create rule simple_in as on insert to old.simple
  do instead insert into old.base (id, what) values (new.id, coalesce(new.what, 'y'))
  returning id, what;
create rule simple_up as on update to old.simple where new.id = old.id
  do instead update old.base set what = new.what where base.id = old.id;
create rule simple_rest as on update to old.simple do instead nothing;
create rule audit as on insert to old.scratch where new.k > 5
  do also insert into old.scratch select new.k - 5, new.v || '!' from old.v5 limit 1;
create rule "Odd rule" as on delete to old.scratch do instead (notify gone; delete from old.typed);

create table "Old Stuff"."Таблица ""1""" (
  "Имя" text default 'Ü'::text, "a.b" integer, "select" boolean, "новый столбец" date,
  constraint "ck 1" check ("a.b" > 0 and "select"), constraint "u.q" unique ("Имя", "a.b")
);
create index "in dex" on "Old Stuff"."Таблица ""1""" ("Имя" desc, ("a.b" + 1)) where "select";
create view "Old Stuff"."V i" as select "Имя" as "x y", "a.b" % 2 as "%" from "Old Stuff"."Таблица ""1""";
create table old.a_name_that_is_so_long_that_the_servers_own_names_are_cut_off (
  a_column_whose_name_is_quite_long_as_well integer unique check (
    a_column_whose_name_is_quite_long_as_well > 0),
  another_column_whose_name_is_quite_long integer references old.typed (a)
);
create table old.many (a integer check (a > 1) check (a < 9) check (a <> 5), unique (a), unique (a));
create function old.first(anyarray) returns anyelement language sql immutable as 'select $1[1]';
create function old.both(a integer, inout b integer, out c text) language plpgsql
  as $x$ begin c := $$quoted$$; end $x$;
create function old.listed(since date default current_date - 7)
  returns table (name text, days integer) language sql stable
  as 'select name, current_date - born from old.employee where born > since';
create function old.guarded() returns trigger language plpgsql as 'begin return old; end';
create trigger "z last" instead of delete on old.v1 for each row execute function old.guarded();
create trigger a_first after truncate on old.scratch for each statement execute function old.guarded();
insert into old.base (id) values (12), (14);
