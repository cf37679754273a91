-- own: another time zone, another way to write dates and numbers: the same values
-- gate: data
-- on after
do $$ begin
    execute format('alter database %I set timezone to %L', current_database(), 'Asia/Kathmandu');
    execute format('alter database %I set datestyle to %L', current_database(), 'German, DMY');
    execute format('alter database %I set intervalstyle to %L', current_database(), 'sql_standard');
    execute format('alter database %I set bytea_output to %L', current_database(), 'escape');
    execute format('alter database %I set extra_float_digits to %L', current_database(), '-10');
end $$;
