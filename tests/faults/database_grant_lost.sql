-- own: who may connect was said of the database, which no dump of its contents says
-- gate: data
-- finds: privileges database
-- says: PUBLIC: connect only after on database
-- says: role shop: connect gone on database
-- on before
create role shop login;
do $$ begin
    execute format('revoke connect on database %I from public', current_database());
    execute format('grant connect on database %I to shop', current_database());
end $$;
-- on after
create role shop login;
