-- own: the target was created with another locale: upper, lower and patterns know other letters
-- gate: data
-- finds: settings database
-- says: database: text ordered by libc C before, builtin C.UTF-8 after
-- on after
update pg_catalog.pg_database
set datlocprovider = 'b', datlocale = 'C.UTF-8', datcollversion = '1'
where datname = pg_catalog.current_database();
