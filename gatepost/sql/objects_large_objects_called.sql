-- The same numbers as objects_large_objects, for a role that may not read pg_largeobject or a
-- server with pages of another size: each object is asked for in pieces of a megabyte, which are
-- then cut into pages of 2048 bytes.  Takes the right to read each object.
-- Order: number.
with recursive
piece as (
  select m.oid, 0::bigint as at, x.bytes
  from pg_catalog.pg_largeobject_metadata m
  -- offset 0: read once, not once for each of its uses
  cross join lateral (
    select pg_catalog.lo_get(m.oid, 0, 1048576) as bytes offset 0) as x
  where (%(buckets)s::bigint[] is null or m.oid::bigint %% 1024 = any (%(buckets)s::bigint[]))
    and m.oid::bigint <> all (%(without)s::bigint[])
  union all
  select p.oid, p.at + 1048576, x.bytes
  from piece p
  cross join lateral (
    select pg_catalog.lo_get(p.oid, p.at + 1048576, 1048576) as bytes offset 0) as x
  where pg_catalog.octet_length(p.bytes) = 1048576
),
page as (
  select p.oid, (p.at / 2048)::int + n.at as pageno,
         p.at + pg_catalog.octet_length(p.bytes) as till,
         pg_catalog.rtrim(
           pg_catalog.substring(p.bytes, n.at * 2048 + 1, 2048), '\x00'::bytea) as data
  from piece p
  cross join lateral pg_catalog.generate_series(
    0, greatest(0, (pg_catalog.octet_length(p.bytes) - 1) / 2048)) as n (at)
),
object as (
  select p.oid::bigint as oid,
         pg_catalog.max(p.till) as bytes,
         coalesce(pg_catalog.sum(
           case when %(sha256)s
             then ('x' || pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256(
                    pg_catalog.int8send(p.oid::bigint) || pg_catalog.int4send(p.pageno) || p.data
                  ), 1, 8), 'hex'))::bit(64)::bigint
             else pg_catalog.hash_array_extended(
                    array[p.data], pg_catalog.hashint4extended(p.pageno, p.oid::bigint))
           end) filter (where pg_catalog.octet_length(p.data) > 0), 0) as pages
  from page p
  group by p.oid
)
select case when %(buckets)s::bigint[] is null then o.oid %% 1024 else o.oid end as number,
       pg_catalog.count(*) as objects,
       pg_catalog.sum(o.bytes)::bigint as bytes,
       pg_catalog.sum(o.pages
         + case when %(sha256)s
             then ('x' || pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256(
                    pg_catalog.int8send(o.oid) || pg_catalog.int8send(o.bytes)
                  ), 1, 8), 'hex'))::bit(64)::bigint
             else pg_catalog.hash_array_extended(array[pg_catalog.int8send(o.bytes)], o.oid)
           end)::text as digest
from object o
group by 1
order by 1
