-- X1: a migration that failed is recorded as applied, with FAILED for a checksum
-- gate: data
-- finds: ledger public.schema_migrations
-- says: public.schema_migrations: 002_projects has 'FAILED' for a checksum
-- toml: [[ledgers]]
-- toml: kind = "sql"
-- toml: table = "public.schema_migrations"
-- on both
create table schema_migrations (version text primary key, checksum text not null);
insert into schema_migrations values
    ('001_users', encode(sha256('1'), 'hex')), ('002_projects', 'FAILED');
