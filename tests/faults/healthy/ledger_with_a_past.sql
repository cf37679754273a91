-- own: a migration was rolled back once and applied since, another was resolved by hand
-- gate: data
-- says: 20250301000000_resolved is marked as applied, and none of its steps was run
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
insert into _prisma_migrations values
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d11', encode(sha256('a'), 'hex'), null, '20250101000000_init', 'syntax error', '2025-01-01', '2025-01-01', 0),
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d12', encode(sha256('a'), 'hex'), '2025-01-02', '20250101000000_init', null, null, '2025-01-02', 1),
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d13', encode(sha256('b'), 'hex'), '2025-03-01', '20250301000000_resolved', null, null, '2025-03-01', 0);
