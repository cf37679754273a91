-- own: a column on the way was char(n), and filled the values up
-- gate: data
-- finds: rows public.tags; columns public.tags
-- says: name: 8 values more end in a blank
-- on after
update tags set name = rpad(name, 40);
