-- X5: three runners, and three ledgers, each with a layout of its own
-- gate: data
-- finds: ledger database
-- says: 3 tables look like the record of migrations: public._migrations (filename, applied_at)
-- says: public.migration_history (id, name, executed_at); public.schema_migrations (version, checksum)
-- on both
create table schema_migrations (version text primary key, checksum text not null);
create table _migrations (filename text primary key, applied_at timestamptz);
create table migration_history (id int primary key, name text, executed_at timestamptz);
insert into schema_migrations values ('001', encode(sha256('1'), 'hex'));
