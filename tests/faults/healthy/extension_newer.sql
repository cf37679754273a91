-- own: the target's server creates an extension in a newer version; another is there beforehand
-- gate: data
-- says: extension vector: version 0.7.4 before, 0.
-- on both
create extension vector;
-- on before
update pg_catalog.pg_extension set extversion = '0.7.4' where extname = 'vector';
