-- own: a function that belongs to an extension was taken out of it and dropped
-- gate: data
-- finds: extensions vector
-- says: extension vector: without function public.subvector(public.vector,integer,integer) after
-- on both
create extension vector;
-- on after
alter extension vector drop function subvector(vector, integer, integer);
drop function subvector(vector, integer, integer);
