-- own: tables without a row, without a column, and with one row of nothing but NULL
-- gate: data
-- on both
create table nothing ();
create table no_rows (id integer primary key, body text);
create table one_row (a text, b integer);
insert into one_row values (null, null);
