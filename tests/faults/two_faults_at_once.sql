-- own: a lost row in one table does not hide an empty text in another
-- gate: data
-- finds: rows public.tags; rows public.post_tags; rows public.comments; columns public.comments
-- says: 1 gone
-- says: 1 changed
-- on after
delete from tags where id = (select min(id) from tags);
update comments set content = '';
