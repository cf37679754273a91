-- own: large objects that the application made are not its own
-- gate: data
-- finds: privileges database
-- says: database: owner shop before, postgres after of 2 large objects: 4242, 4243
-- on both
create role shop;
select lo_from_bytea(oid, 'a') from generate_series(4241, 4244) as oid;
alter large object 4242 owner to shop;
alter large object 4243 owner to shop;
-- on after
alter large object 4242 owner to postgres;
alter large object 4243 owner to postgres;
