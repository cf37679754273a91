-- own: the rows lie in another order on disk, with and without a key
-- gate: data
-- on both
create table visits (page text, at timestamptz);
insert into visits select '/' || n % 7, timestamptz '2025-01-01 00:00Z' + n % 5 * interval '1 min' from generate_series(1, 500) as n;
-- on after
update notifications set title = title;
create temporary table kept as select * from visits;
delete from visits;
insert into visits select * from kept order by page desc, at desc;
