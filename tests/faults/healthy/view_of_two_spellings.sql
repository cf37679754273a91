-- own: the newer server spells a view in words that no comparison of words would call the same
-- gate: data
-- on before
create view tags_in_all as select 'tags'::text as what, count(*) from tags group by 'tags'::text, what;
-- on after
create view tags_in_all as select 'tags'::text as what, count(*) from tags group by 'tags'::text;
