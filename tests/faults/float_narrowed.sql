-- own: prices went through single precision on their way
-- gate: data
-- finds: rows public.posts; columns public.posts
-- says: price: values changed
-- on after
update posts set price = (price * 1.1)::float4::float8 where price is not null;
