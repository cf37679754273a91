-- own: a partition was not restored; the table that it belonged to is there
-- gate: data
-- finds: rows public.events; schema public.events_2024
-- says: public.events: 150 rows before, 100 after
-- says: public.events_2024: missing after
-- on both
create table events (id integer, at date not null, primary key (id, at)) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
insert into events select n, date '2024-11-12' + n from generate_series(0, 149) as n;
-- on after
drop table events_2024;
