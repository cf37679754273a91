-- own: a table that once had a column more keeps its place on disk
-- gate: data
-- on after
alter table users add column left_over text default 'x';
alter table users drop column left_over;
