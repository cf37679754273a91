-- own: an invalid index, a check that was never validated, a trigger asleep, a view never filled: as before
-- gate: data
-- says: index tags_name_key: invalid, inherited
-- says: not validated, inherited
-- says: disabled, inherited
-- says: public.popular: not populated, inherited
-- on both
update pg_index set indisvalid = false where indexrelid = 'tags_name_key'::regclass;
alter table posts add constraint posts_price_check check (price >= 0) not valid;
alter table comments disable trigger all;
create materialized view popular as select id from posts with no data;
