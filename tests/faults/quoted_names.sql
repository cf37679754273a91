-- own: one row of a table whose names need every kind of quoting
-- gate: data
-- finds: rows public."Täbelle ""x"""
-- says: 2 rows before, 1 after
-- on both
create table "Täbelle ""x""" ("der Schlüssel" integer primary key, "%s {a} $1" text);
insert into "Täbelle ""x""" values (1, 'a'), (2, 'b');
-- on after
delete from "Täbelle ""x""" where "der Schlüssel" = 2;
