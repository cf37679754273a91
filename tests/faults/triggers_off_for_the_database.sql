-- own: what a load was to be quicker by was left on: no trigger and no foreign key acts any more
-- gate: data
-- finds: settings database
-- says: session_replication_role not set (origin) before, replica after
-- on after
do $$ begin
    execute format(
        'alter database %I set session_replication_role to replica', current_database());
end $$;
