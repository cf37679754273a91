-- A CMS: policies, grants down to columns, rules, full text, statements as function bodies.
create schema cms;
create schema "CMS Archive" authorization trip_owner;
create table cms.site (
  id smallint generated always as identity primary key,
  host text collate "C" not null unique check (host <> '')
);
create table cms.page (
  id uuid primary key default gen_random_uuid(),
  site smallint references cms.site on delete set null,
  parent uuid references cms.page deferrable,
  author name not null default current_user,
  title varchar(200) not null,
  body text not null default '',
  published tstzrange,
  words tsvector generated always as (to_tsvector('pg_catalog.english'::regconfig, body)) stored,
  check (parent is distinct from id),
  constraint title_said check (btrim(title) <> '' and title !~ '^\s'),
  constraint one_at_a_time exclude using gist (published with &&) where (site is null)
);
alter table cms.page enable row level security, force row level security;
create policy of_authors on cms.page to trip_writer
  using (author = current_user) with check (author = current_user and title like '%a%');
create policy of_readers on cms.page as restrictive for select to trip_reader, public
  using (published @> now() and exists (select 1 from cms.site s where s.id = page.site));
create policy inserted on cms.page for insert to trip_writer with check (site in (1, 2, 3));
comment on policy inserted on cms.page is 'three sites';
create index page_words on cms.page using gin (words);
create index page_title on cms.page (title varchar_pattern_ops, (coalesce(site, 0)) desc);
create index page_brin on cms.page using brin (title) with (pages_per_range = 16, autosummarize = on);

create table cms.tag (name text primary key, uses integer not null default 0) without oids;
create table cms.page_tag (
  page uuid references cms.page on delete cascade,
  tag text references cms.tag on update cascade,
  primary key (page, tag)
);
alter table cms.page_tag validate constraint page_tag_tag_fkey;
alter table cms.page_tag add constraint never_valid check (tag <> 'x') not valid;
create rule tag_kept as on delete to cms.tag where old.uses > 0 do instead nothing;
create rule tag_told as on update to cms.tag
  do also (select 1; notify tags);
alter table cms.tag disable rule tag_told;

create function cms.path(page uuid, depth integer default 10, out path text, out level integer)
  returns setof record language sql stable strict parallel safe cost 50 rows 5
  set search_path = cms, pg_temp set work_mem = '1MB'
  begin atomic
    with recursive up as (
      select p.id, p.parent, p.title::text as path, 1 as level from cms.page p where p.id = page
      union all
      select p.id, p.parent, p.title || '/' || up.path, up.level + 1
      from cms.page p join up on p.id = up.parent where up.level < depth
    )
    select up.path, up.level from up order by up.level desc;
  end;
create function cms.clean(variadic words text[]) returns text language sql immutable leakproof
  return array_to_string(words, ', ');
create procedure cms.publish(inout page uuid, since timestamptz default now())
  language plpgsql security definer set search_path from current
  as $$ begin update cms.page p set published = tstzrange(since, null) where p.id = page; end $$;
create function cms.of_table(cms.page) returns text language sql stable as 'select $1.title::text';
create function "CMS Archive"."Odd ""name"""("a b" integer) returns void language plpgsql
  as 'begin end';
revoke execute on function cms.clean(text[]) from public;
grant execute on function cms.clean(text[]) to trip_reader;
grant execute on procedure cms.publish(uuid, timestamptz) to trip_writer;

create view cms.listed with (security_invoker = true, check_option = local) as
  select id, title, author from cms.page where title like 'a%' and author <> 'x';
create view cms.counted as
  select s.host, count(p.*) as pages, max(length(p.body)) as longest,
         string_agg(distinct p.title::text, ', ' order by p.title::text) as titles,
         bool_or(p.words @@ to_tsquery('simple', 'a & !b')) as said
  from cms.site s left join lateral (select * from cms.page q where q.site = s.id) p on true
  group by s.host, grouping sets ((), (s.id));
create view cms.found as
  select p.id, x.hit, (select array(select t.tag from cms.page_tag t where t.page = p.id)) as tags,
         coalesce(nullif(p.title, ''), 'none') as title, p.published -|- tstzrange(null, null) as adj
  from cms.page p cross join unnest(array['a', 'b'], array[1, 2]) with ordinality as x (word, n, hit)
  where p.title ~~* x.word and not (p.site is null or p.site not in (4, 5));
alter view cms.listed alter column title set default 'untitled';
create rule found_away as on insert to cms.found do instead insert into cms.tag values (new.title);
grant select (id, title), update (title) on cms.listed to trip_reader;
grant trigger, references on cms.page to trip_owner;
revoke delete on cms.page from trip_writer;
alter table cms.page owner to trip_owner;
alter view cms.counted owner to trip_writer;
create function cms.noticed() returns event_trigger language plpgsql as 'begin end';
create event trigger cms_noticed on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE')
  execute function cms.noticed();
alter event trigger cms_noticed disable;
select pg_catalog.lo_from_bytea(900001, 'a picture');
alter large object 900001 owner to trip_owner;
grant select on large object 900001 to trip_reader;
comment on large object 900001 is 'a picture';
