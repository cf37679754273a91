-- Which running server this is, beyond its identifier: one row.
-- Clusters that were copied file by file share an identifier; two that were started at different
-- moments, neither of them a standby, hold data of their own.
select pg_catalog.pg_postmaster_start_time()::pg_catalog.text as started,
       pg_catalog.pg_is_in_recovery() as standby
order by 1
