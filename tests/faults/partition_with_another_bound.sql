-- own: a partition takes less than it did: inserts of December will fail
-- gate: data
-- finds: schema public.events_2025
-- says: public.events_2025: bound
-- on both
create table events (at date not null, what text) partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
insert into events select date '2025-01-01' + n, 'event ' || n from generate_series(0, 99) as n;
-- on after
alter table events detach partition events_2025;
alter table events attach partition events_2025 for values from ('2025-01-01') to ('2025-12-01');
