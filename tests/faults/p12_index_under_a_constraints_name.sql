-- P12: an index of the same name that is not unique
-- gate: data
-- finds: schema public.tags
-- says: index tags_name_key
-- on after
drop index tags_name_key;
create index tags_name_key on tags (name);
