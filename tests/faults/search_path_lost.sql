-- own: ALTER DATABASE SET search_path is in no archive: unqualified names mean other tables now
-- gate: data
-- finds: settings database
-- says: database: search_path shop, public before, not set ("$user", public) after
-- says: set search_path to shop, public
-- on before
do $$ begin
    execute format('alter database %I set search_path to shop, public', current_database());
end $$;
