-- Which server answers: a restore, a promotion or another address would change this.  One row.
-- The first eight digits of a WAL file's name are the timeline; a standby writes no WAL.
select
  (select system_identifier::pg_catalog.text from pg_catalog.pg_control_system())
    as system_identifier,
  pg_catalog.pg_is_in_recovery() as standby,
  case
    when not pg_catalog.pg_is_in_recovery()
    then pg_catalog.substr(
      pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8
    )
    else ''
  end as timeline
order by 1;
