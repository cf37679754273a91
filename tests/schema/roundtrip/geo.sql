-- A map: ranges, domains over domains, exclusion, geometric types and operator classes.
create schema geo;
create type geo.span as range (
  subtype = float8, subtype_diff = pg_catalog.float8mi, multirange_type_name = geo.spans);
create type geo.words as range (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);
create domain geo.degree as double precision check (value between -180 and 180);
create domain geo.latitude as geo.degree constraint pole check (abs(value) <= 90);
create domain geo.track as point[] check (array_length(value, 1) > 1 or value is null);
create type geo.place as (lat geo.latitude, lon geo.degree, at tstzrange);
create type geo.places as (home geo.place, others geo.place[]);

create function geo.distance(point, point) returns double precision language sql immutable strict
  parallel safe as 'select $1 operator(pg_catalog.<->) $2';
create function geo.nearer(point, point) returns boolean language sql immutable strict
  as 'select ($1 <-> point ''(0,0)'') < ($2 <-> point ''(0,0)'')';
create function geo.farther(point, point) returns boolean language sql immutable strict
  as 'select ($1 <-> point ''(0,0)'') > ($2 <-> point ''(0,0)'')';
create function geo.same(point, point) returns boolean language sql immutable strict
  as 'select ($1 <-> point ''(0,0)'') = ($2 <-> point ''(0,0)'')';
create function geo.not_farther(point, point) returns boolean language sql immutable strict
  as 'select ($1 <-> point ''(0,0)'') <= ($2 <-> point ''(0,0)'')';
create function geo.not_nearer(point, point) returns boolean language sql immutable strict
  as 'select ($1 <-> point ''(0,0)'') >= ($2 <-> point ''(0,0)'')';
create function geo.compare(point, point) returns integer language sql immutable strict
  as 'select sign(($1 <-> point ''(0,0)'') - ($2 <-> point ''(0,0)''))::integer';
create operator geo.<# (leftarg = point, rightarg = point, function = geo.nearer,
  commutator = operator(geo.>#), negator = operator(geo.>=#),
  restrict = scalarltsel, join = scalarltjoinsel);
create operator geo.># (leftarg = point, rightarg = point, function = geo.farther,
  commutator = operator(geo.<#), negator = operator(geo.<=#));
create operator geo.<=# (leftarg = point, rightarg = point, function = geo.not_farther,
  commutator = operator(geo.>=#), negator = operator(geo.>#));
create operator geo.>=# (leftarg = point, rightarg = point, function = geo.not_nearer,
  commutator = operator(geo.<=#), negator = operator(geo.<#));
create operator geo.=# (leftarg = point, rightarg = point, function = geo.same, merges, hashes,
  commutator = operator(geo.=#));
comment on operator geo.<# (point, point) is 'nearer to the middle';
create operator class geo.by_nearness for type point using btree as
  operator 1 geo.<#, operator 2 geo.<=#, operator 3 geo.=#, operator 4 geo.>=#, operator 5 geo.>#,
  function 1 geo.compare(point, point);
create operator family geo.loose using hash;
create cast (geo.place as text) with inout as assignment;
create function geo.to_point(geo.place) returns point language sql immutable
  as 'select point($1.lon, $1.lat)';
create cast (geo.place as point) with function geo.to_point(geo.place) as implicit;

create table geo.area (
  id integer primary key,
  name varchar(40) not null,
  shape polygon not null,
  box box generated always as (box(circle(shape))) stored,
  levels int4range not null default '[0,10)',
  valid geo.span default '[0,1]'::geo.span,
  gaps geo.spans default '{}',
  place geo.place,
  near geo.places,
  track geo.track,
  bits bit varying(9) default B'1010'::bit varying,
  exclude using gist (levels with &&, shape with &&) include (id)
    where (name <> 'none') deferrable initially deferred,
  constraint inside check (shape @> point '(0,0)' or (id > 5 and not isempty(levels))),
  constraint spelled check (name in ('a', 'b', 'c') and (levels <> '[1,2)' or lower(levels) is null))
);
create index area_shape on geo.area using gist (shape, box);
create index area_points on geo.area using spgist ((center(circle(shape))));
create index area_hash on geo.area using hash (name);
create index area_near on geo.area (((near).home.lat), upper(levels) desc);
create table geo.spot (id integer, at point, seen tsrange, unique (id, seen));
create index spot_nearness on geo.spot (at geo.by_nearness);
create index spot_levels on geo.spot using brin (seen range_inclusion_ops) with (pages_per_range = 4);
create view geo.overlapping as
  select a.id, b.id as other, a.levels * b.levels as shared, (a.near).home.lat + 1 as north,
         a.shape <-> b.shape as far, (a.place)::point as at, a.track[1:2] as start,
         a.valid @> 0.5::double precision as half, a.levels << '[5,6)'::int4range as below
  from geo.area a, geo.area b
  where a.id < b.id and a.levels && b.levels and not a.levels -|- b.levels
  order by a.shape <-> b.shape, 2 desc nulls last limit 10 offset 1;
create view geo.sorted as select id from geo.spot order by at using operator(geo.<#);
create view geo.spanned as
  select range_agg(levels) as all_levels, int4multirange(int4range(1, 3), int4range(5, 9)) as lits,
         sum(id) over (order by id range between unbounded preceding and 1 following exclude ties)
  from geo.area group by id;
create function geo.later(point, point) returns point language sql immutable strict
  as 'select case when ($1 <-> point ''(0,0)'') > ($2 <-> point ''(0,0)'') then $1 else $2 end';
create aggregate geo.farthest(point) (
  sfunc = geo.later, stype = point, parallel = safe, combinefunc = geo.later, sortop = operator(geo.>#)
);
