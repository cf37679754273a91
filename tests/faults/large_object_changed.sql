-- own: one large object holds other bytes, as many as before
-- gate: data
-- finds: objects large objects
-- says: large object 70001: 5 bytes before, 5 after, not the same
-- on both
select lo_from_bytea(70001, 'seven'), lo_from_bytea(70002, 'eight');
-- on after
select lo_put(70001, 0, 'Seven');
