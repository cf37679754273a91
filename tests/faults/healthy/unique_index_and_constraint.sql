-- own: a unique index on one side, a unique constraint of the same columns on the other
-- gate: data
-- says: tags_name_unique is a unique constraint after, tags_name_key a unique index before
-- on after
drop index tags_name_key;
alter table tags add constraint tags_name_unique unique (name);
