-- own: large objects, one of them empty and one of several pages
-- gate: data
-- on both
select lo_from_bytea(70001, 'seven'), lo_from_bytea(70002, ''),
       lo_from_bytea(70003, decode(repeat('00ff10', 20000), 'hex'));
