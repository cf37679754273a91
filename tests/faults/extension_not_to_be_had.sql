-- own: the target's server does not have an extension of the source: the restore would fail at it
-- gate: pre
-- finds: extensions shop_tools
-- says: and the target's server does not have it
-- says: hint: install its package on the target's server, such as postgresql-18-shop-tools
-- on before
create extension vector;
update pg_catalog.pg_extension set extname = 'shop_tools' where extname = 'vector';
