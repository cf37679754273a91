-- own: the same view and the same partitions, written by another hand
-- gate: data
-- on before
create view open_posts as select id, title from posts where not "isLocked" and price is null;
create table events (at date not null) partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
-- on after
create view open_posts as
    select posts.id, posts.title from public.posts where (not posts."isLocked") and (posts.price is null);
create table events (at date not null) partition by range (at);
create table events_2025 (at date not null);
alter table events attach partition events_2025 for values from ('20250101'::date) to (date '2026-01-01');
