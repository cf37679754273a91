-- own: the target has no PL/pgSQL, so that no function in it can run
-- gate: pre
-- finds: versions libraries; extensions plpgsql
-- says: after: plpgsql does not load
-- says: extension plpgsql: missing after, and no archive brings it
-- says: hint: create extension plpgsql with schema pg_catalog
-- on after
drop extension plpgsql;
