-- Since when this database counts what is written to it, and how far its server's log has come.  One
-- row.  The counts begin anew when somebody resets them, or the server recovers from a crash.
select
  coalesce(s.stats_reset::pg_catalog.text, '') as reset,
  s.xact_commit + s.xact_rollback as transactions,
  pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text as lsn
from pg_catalog.pg_stat_database s
where s.datname = pg_catalog.current_database()
order by 1;
