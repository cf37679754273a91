-- own: ALTER ROLE IN DATABASE SET is in no archive: the application's statements have no end now
-- gate: data
-- finds: settings roles
-- says: role postgres: statement_timeout 30s before, not set (0) after
-- says: hint: alter role postgres in database
-- says: set statement_timeout to '30s'
-- on before
do $$ begin
    execute format(
        'alter role postgres in database %I set statement_timeout to %L',
        current_database(), '30s');
end $$;
