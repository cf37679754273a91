-- The settings of this session that a statement of its own can change, and who it is by now, in
-- the order of their names.  What a transaction is, is over when it ends; names with a dot are those
-- of extensions and applications, and appear when first used.
select name, setting
from pg_catalog.pg_settings
where context in ('user', 'superuser')
    and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
    and name not like '%.%'
union all
select 'role', current_user::pg_catalog.text
order by name
