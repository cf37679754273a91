-- F8: the ledger is complete and every checksum right, and a column is missing all the same
-- gate: data
-- finds: schema public.subscriptions
-- says: public.subscriptions: column paymentStatus gone
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
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d11', encode(sha256('a'), 'hex'), '2025-01-01', '20250101000000_init', null, null, '2025-01-01', 1),
    ('5f0c6a0e-93d4-4b5c-8c39-6d0d5f0a8d12', encode(sha256('b'), 'hex'), '2025-02-01', '20250201000000_payment_status', null, null, '2025-02-01', 1);
-- on after
alter table subscriptions drop column "paymentStatus";
