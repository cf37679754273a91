-- How many large objects there are in each of 1024 buckets of oids, with how many bytes, and a sum
-- of the hashes of their pages; with %(buckets)s, those of some buckets one by one.  %(without)s
-- are oids that are left out; %(sha256)s asks for the hash that every server has.
-- Read as a table, in one scan.  What was never written reads as zeros, whether the page is there
-- or not: so zeros at the end of a page, and pages of nothing else, count in the length alone.
-- Takes the right to read pg_largeobject, and pages of 2048 bytes.
-- Order: number.
with
page as (
  select p.loid, p.pageno,
         p.pageno::bigint * 2048 + pg_catalog.octet_length(p.data) as till,
         pg_catalog.rtrim(p.data, '\x00'::bytea) as data
  from pg_catalog.pg_largeobject p
),
object as (
  select m.oid::bigint as oid,
         coalesce(pg_catalog.max(p.till), 0) as bytes,
         coalesce(pg_catalog.sum(
           case when %(sha256)s
             then ('x' || pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256(
                    pg_catalog.int8send(m.oid::bigint) || pg_catalog.int4send(p.pageno) || p.data
                  ), 1, 8), 'hex'))::bit(64)::bigint
             else pg_catalog.hash_array_extended(
                    array[p.data], pg_catalog.hashint4extended(p.pageno, m.oid::bigint))
           end) filter (where pg_catalog.octet_length(p.data) > 0), 0) as pages
  from pg_catalog.pg_largeobject_metadata m
  left join page p on p.loid = m.oid
  where (%(buckets)s::bigint[] is null or m.oid::bigint %% 1024 = any (%(buckets)s::bigint[]))
    and m.oid::bigint <> all (%(without)s::bigint[])
  group by m.oid
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
