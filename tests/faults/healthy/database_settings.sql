-- own: both databases have settings of their own, each spelled in its way; what only tunes is free
-- gate: data
-- says: database: work_mem not set (4MB) before, 64MB after
-- says: database: connection limit 30 before, 60 after
-- on before
do $$ begin
    execute format('alter database %I set timezone to %L', current_database(), 'Asia/Kathmandu');
    execute format('alter database %I set datestyle to %L', current_database(), 'German, DMY');
    execute format('alter database %I set bytea_output to %L', current_database(), 'escape');
    execute format('alter database %I set extra_float_digits to %L', current_database(), '-10');
    execute format('alter database %I set statement_timeout to %L', current_database(), '300s');
    execute format('alter database %I set array_nulls to %L', current_database(), 'yes');
    execute format('alter database %I set search_path to shop, public', current_database());
    execute format('alter database %I connection limit 30', current_database());
end $$;
-- on after
do $$ begin
    execute format('alter database %I set timezone to %L', current_database(), 'Asia/Kathmandu');
    execute format('alter database %I set datestyle to %L', current_database(), 'German');
    execute format('alter database %I set bytea_output to %L', current_database(), 'escape');
    execute format('alter database %I set extra_float_digits to %L', current_database(), '-10');
    execute format('alter database %I set statement_timeout to %L', current_database(), '5min');
    execute format('alter database %I set array_nulls to %L', current_database(), 'on');
    execute format('alter database %I set search_path to "shop",public', current_database());
    execute format('alter database %I set work_mem to %L', current_database(), '64MB');
    execute format('alter database %I connection limit 60', current_database());
end $$;
