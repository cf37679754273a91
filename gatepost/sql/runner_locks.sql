-- The locks of others on this database's relations that let nobody write, one row each.
-- What one transaction lets go and the next takes are two locks, however little is between them.
-- A table that was made in the transaction that holds the lock is not seen, and nobody waits for it.
select
    l.virtualtransaction as transaction,
    n.nspname as schema,
    c.relname as name,
    l.mode
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.locktype = 'relation' and l.granted and l.pid <> pg_catalog.pg_backend_pid()
    and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and c.relkind in ('r', 'p', 'm', 'v', 'f')
    and n.nspname <> 'pg_catalog' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(toast|temp)'
order by l.virtualtransaction, n.nspname, c.relname, l.mode
