-- own: the same values, and sessions that write and read them otherwise
-- gate: data
-- finds: settings database
-- says: datestyle not set (ISO, MDY) before, German, DMY after
-- says: intervalstyle not set (postgres) before, sql_standard after
-- says: bytea_output not set (hex) before, escape after
-- says: extra_float_digits not set (1) before, -10 after
-- on after
do $$ begin
    execute format('alter database %I set datestyle to %L', current_database(), 'German, DMY');
    execute format('alter database %I set intervalstyle to %L', current_database(), 'sql_standard');
    execute format('alter database %I set bytea_output to %L', current_database(), 'escape');
    execute format('alter database %I set extra_float_digits to %L', current_database(), '-10');
end $$;
