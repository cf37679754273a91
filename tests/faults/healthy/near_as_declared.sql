-- own: prices were rounded as the project allows
-- gate: data
-- toml: [tables."public.posts".compare]
-- toml: price = {tolerance = 0.01}
-- says: public.posts.price: compared within 0.01, as declared
-- on after
update posts set price = price + 0.005;
