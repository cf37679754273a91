-- P6: a ledger that was filled in by hand: no uuid, no checksum, one name twice, one never finished
-- gate: data
-- finds: ledger public._prisma_migrations
-- says: 20250828_pool_names has 'manual' for a checksum
-- says: 20250828_pool_names has the id 'm1', which is no uuid
-- says: 20250828_pool_names is recorded 2 times
-- says: 20250829_indexes was begun and never finished, and no error is recorded
-- on both
create table _prisma_migrations (
    id varchar(36) primary key,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
);
insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at) values
    ('m1', 'manual', '2025-08-28', '20250828_pool_names', '2025-08-28'),
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d11', encode(sha256('a'), 'hex'), '2025-08-28', '20250828_pool_names', '2025-08-29'),
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d12', encode(sha256('b'), 'hex'), null, '20250829_indexes', '2025-08-29');
