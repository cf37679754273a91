-- own: prices were rounded farther than the project allows, one was emptied
-- gate: data
-- toml: [tables."public.posts".compare]
-- toml: price = {tolerance = 0.01}
-- finds: rows public.posts
-- says: values farther than 0.01 from what they were
-- says: NULL, NaN or infinite on one side
-- says: public.posts.price: compared within 0.01, as declared
-- on after
update posts set price = price + 0.02;
update posts set price = null where id = (select min(id) from posts where price is not null);
