-- own: the dump was made without large objects
-- gate: data
-- finds: objects large objects
-- says: large object 70002: gone
-- on both
select lo_from_bytea(70001, 'seven'), lo_from_bytea(70002, 'eight');
-- on after
select lo_unlink(70002);
