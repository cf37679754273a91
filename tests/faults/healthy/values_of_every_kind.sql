-- own: values that text, floats and JSON are known to spell in several ways
-- gate: data
-- on both
create table kinds (
    id integer primary key, f float8, g float4, n numeric, j json, b jsonb, t text, y bytea, i interval,
    z timestamptz, d date, a text[], r int4range, u uuid, o oid, m money, c char(8), p point, x inet
);
insert into kinds values
    (1, 'NaN', '-Infinity', 'NaN', '{"a" : 1, "a":2}', '{"a": [null, 1e400]}', '', '', '1 mon -3 days', 'infinity', '-infinity', '{}', 'empty', null, 0, 1, 'a', '(1e-300,-0)', '::1'),
    (2, 0.1, 0.1, 1e-40, '[]', '"\u0434"', E'a\r\n\tb\\n', '\x00ff', '-00:00:00.000001', '0044-03-15 BC', '9999-12-31', '{NULL,"NULL","",a}', '[1,5)', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 4294967295, -1, 'a       ', null, '10.0.0.0/8'),
    (3, '-0', 1e-45, -0.00, null, 'null', U&'\FFFD and Ð¿ were there before', null, null, '2025-03-30 02:30:00.123456+02', null, '[2:3]={a,b}', '(,)', null, null, null, '', null, null);
