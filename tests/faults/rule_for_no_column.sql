-- own: a rule of the project names a column that neither side has
-- gate: data
-- word: none
-- toml: [tables."public.posts".compare]
-- toml: prise = "value"
-- says: [tables."public.posts"] compare: there is no column 'prise'
-- says: did you mean 'price'?
-- on after
select 1;
