-- own: the target takes any bytes for text, and counts them as characters
-- gate: data
-- finds: settings database
-- says: database: encoding UTF8 before, SQL_ASCII after
-- says: template template0 encoding 'UTF8'
-- on after
update pg_catalog.pg_database set encoding = pg_catalog.pg_char_to_encoding('SQL_ASCII')
where datname = pg_catalog.current_database();
