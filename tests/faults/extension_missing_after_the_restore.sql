-- own: an extension was not created, and nothing of the archive needed it yet
-- gate: data
-- finds: extensions vector
-- says: extension vector: 0.
-- says: missing after
-- says: hint: create extension vector with schema public
-- on before
create extension vector;
