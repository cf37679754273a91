-- own: a restore into this database would end without an error and without a row
-- gate: pre
-- finds: connect after; settings database
-- says: after: default_transaction_read_only is on for the server, the database or a role
-- on after
do $$ begin
    execute format('alter database %I set default_transaction_read_only = on', current_database());
end $$;
