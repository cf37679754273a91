-- own: a materialised view was restored and never refreshed: whoever reads it gets an error
-- gate: data
-- finds: objects materialised views; schema public.popular
-- says: public.popular: populated before, not populated after
-- on both
create materialized view popular as select id, "viewsCount" from posts where "viewsCount" > 10;
-- on after
refresh materialized view popular with no data;
