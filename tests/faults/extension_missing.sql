-- own: the target has no PL/pgSQL, so that no function in it can run
-- gate: pre
-- finds: versions libraries; schema extension plpgsql
-- says: after: plpgsql does not load
-- on after
drop extension plpgsql;
