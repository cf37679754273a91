-- own: the target's packages are older than the source's: the extension lacks what came since
-- gate: data
-- finds: extensions vector
-- says: extension vector: version 0.
-- says: before, 0.7.4 after
-- says: hint: alter extension vector update to '0.
-- on both
create extension vector;
-- on after
update pg_catalog.pg_extension set extversion = '0.7.4' where extname = 'vector';
