-- own: NOT NULL is a constraint with a name since PostgreSQL 18, and somebody chose one
-- gate: data
-- on after
alter table posts alter column title drop not null;
alter table posts add constraint a_post_has_a_title not null title;
