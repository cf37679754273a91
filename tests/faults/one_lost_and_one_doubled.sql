-- own: a table without a key lost one row and holds another twice: the counts are the same
-- gate: data
-- finds: rows public.visits; columns public.visits
-- says: public.visits: 50 rows on both sides, not the same
-- says: before, 2 after
-- on both
create table visits (page text, at timestamptz);
insert into visits
select '/' || n, timestamptz '2025-01-01 00:00Z' + n * interval '1 min' from generate_series(1, 50) as n;
-- on after
delete from visits where page = '/8';
insert into visits select * from visits where page = '/7';
