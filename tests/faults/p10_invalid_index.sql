-- P10: CREATE INDEX CONCURRENTLY failed and left an index that nobody uses
-- gate: data
-- finds: schema public.notifications; objects indexes
-- says: index notifications_userId_isRead_idx: valid before, invalid after
-- on after
update pg_index set indisvalid = false
 where indexrelid = '"notifications_userId_isRead_idx"'::regclass;
