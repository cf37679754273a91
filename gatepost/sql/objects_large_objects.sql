-- How many large objects there are in each of 1024 buckets of oids, with how many bytes, and a sum
-- of their digests; with %(bucket)s, those of one bucket one by one.  Each is read in
-- pieces of a megabyte, as it may be larger than any value.
-- Order: bucket or oid.
with recursive
piece as (
  select m.oid, 0::bigint as at, pg_catalog.length(x.bytes) as bytes,
         pg_catalog.sha256(x.bytes) as sha256
  from pg_catalog.pg_largeobject_metadata m
  -- offset 0: read once, not once for each of its uses
  cross join lateral (
    select pg_catalog.lo_get(m.oid, 0, 1048576) as bytes offset 0) as x
  where %(bucket)s::bigint is null or m.oid::bigint %% 1024 = %(bucket)s::bigint
  union all
  select p.oid, p.at + 1048576, pg_catalog.length(x.bytes), pg_catalog.sha256(x.bytes)
  from piece p
  cross join lateral (
    select pg_catalog.lo_get(p.oid, p.at + 1048576, 1048576) as bytes offset 0) as x
  where p.bytes = 1048576
),
digest as (
  select p.oid,
         pg_catalog.sum(p.bytes) as bytes,
         pg_catalog.sha256(
           pg_catalog.string_agg(p.sha256, ''::bytea order by p.at)
           || p.oid::text::bytea) as sha256
  from piece p
  group by p.oid
)
select case when %(bucket)s::bigint is null then d.oid::bigint %% 1024 else d.oid::bigint end
         as number,
       pg_catalog.count(*) as objects,
       pg_catalog.sum(d.bytes)::bigint as bytes,
       pg_catalog.sum(
         ('x' || pg_catalog.encode(pg_catalog.substr(d.sha256, 1, 8), 'hex'))::bit(64)::bigint
       )::text as digest
from digest d
group by 1
order by 1
