-- own: the new database tells the time of another zone: every moment reads otherwise, none differs
-- gate: data
-- finds: settings database
-- says: database: timezone not set
-- says: before, Asia/Kathmandu after
-- says: reset timezone
-- on after
do $$ begin
    execute format('alter database %I set timezone to %L', current_database(), 'Asia/Kathmandu');
end $$;
