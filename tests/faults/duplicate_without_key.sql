-- own: a table without any key was loaded twice over for one of its rows
-- gate: data
-- finds: rows public.visits
-- says: public.visits: 50 rows before, 51 after
-- says: before, 2 after
-- on both
create table visits (page text, at timestamptz);
insert into visits select '/' || n, timestamptz '2025-01-01 00:00Z' + n * interval '1 min' from generate_series(1, 50) as n;
-- on after
insert into visits select * from visits where page = '/7';
