-- own: fewer connections than the application opens
-- gate: data
-- finds: settings database
-- says: database: connection limit none before, 30 after
-- says: connection limit -1
-- on after
do $$ begin
    execute format('alter database %I connection limit 30', current_database());
end $$;
