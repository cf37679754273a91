-- Text search, collations, conversions, foreign data, publications and subscriptions.
create schema search;
create text search dictionary search.plain (template = simple, accept = false);
create text search dictionary search.stems (template = snowball, language = 'german', stopwords = 'german');
create text search dictionary search.words (template = synonym, synonyms = synonym_sample);
create text search parser search.parser (
  start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, headline = prsd_headline,
  lextypes = prsd_lextype);
create text search template search.template (init = dsimple_init, lexize = dsimple_lexize);
create text search configuration search.german (copy = pg_catalog.german);
alter text search configuration search.german
  alter mapping for asciiword, word with search.plain, search.stems, german_stem;
alter text search configuration search.german drop mapping for email, url;
create text search configuration search.bare (parser = search.parser);
comment on text search configuration search.german is 'as it is spoken';
create collation search.posix (lc_collate = 'POSIX', lc_ctype = 'C');
create default conversion search.latin for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
create table search.doc (
  id integer primary key,
  title text collate search.posix,
  body text,
  lang regconfig not null default 'search.german'::regconfig,
  found tsvector generated always as (
    setweight(to_tsvector('simple'::regconfig, coalesce(title, '')), 'A')
      || to_tsvector('search.german'::regconfig, coalesce(body, ''))) stored
);
create index doc_found on search.doc using gist (found tsvector_ops (siglen = 100));
create index doc_title on search.doc (title collate "C", id) include (lang);
create function search.asked(q text) returns setof search.doc language sql stable
  as $$ select * from search.doc where found @@ websearch_to_tsquery('search.german', q) $$;
create view search.hits as
  select d.id, ts_rank_cd(array[0.1, 0.2, 0.4, 1.0]::real[], d.found, q.q) as rank,
         ts_headline('search.german', d.body, q.q, 'MaxWords=5') as shown
  from search.doc d, to_tsquery('search.german'::regconfig, 'a | b:*') q (q)
  where d.found @@ q.q and d.title collate "POSIX" > 'a';

create foreign data wrapper trip_files options (debug 'true');
create server trip_archive type 'box' version '7' foreign data wrapper trip_files
  options (host 'a b', port '5');
comment on server trip_archive is 'far away';
create user mapping for trip_reader server trip_archive options (user 'it''s', password_required 'false');
create user mapping for public server trip_archive;
create foreign table search.far (
  id integer options (name 'ID') not null, v varchar(9) collate "C" default 'x',
  constraint far_id check (id > 0)
) server trip_archive options (file 'a', quote '"');
alter foreign table search.far alter v set statistics 12;
create table search.parted (id integer, v varchar(9)) partition by list (id);
create foreign table search.parted_far partition of search.parted for values in (1, null)
  server trip_archive;
grant usage on foreign server trip_archive to trip_writer;
grant usage on foreign data wrapper trip_files to trip_writer;
grant select on search.far to trip_reader;

create publication trip_some for table search.doc (id, title, body) where (id > 5 and body <> 'x'),
  search.parted with (publish = 'insert, delete', publish_via_partition_root = true);
create publication trip_schema for tables in schema search;
create publication trip_all for all tables with (publish = 'update');
create publication trip_none;
create subscription trip_in connection 'host=nowhere dbname=x' publication one, two
  with (connect = false, slot_name = none, synchronous_commit = 'remote_apply', streaming = off);
alter publication trip_some owner to trip_owner;
comment on publication trip_all is 'updates';
create function search.call() returns language_handler language c
  as '$libdir/plpgsql', 'plpgsql_call_handler';
create trusted language trip_language handler search.call;
create access method trip_heap type table handler heap_tableam_handler;
create table search.by_method (id integer) using trip_heap;
create type search.shell;
create function search.in(cstring) returns search.shell language internal immutable strict as 'int4in';
create function search.out(search.shell) returns cstring language internal immutable strict as 'int4out';
create type search.shell (input = search.in, output = search.out, internallength = 4, passedbyvalue,
  alignment = int4, category = 'U', delimiter = ';', default = '3');
create type search.forever;
create transform for integer language trip_language (from sql with function prsd_lextype(internal));
