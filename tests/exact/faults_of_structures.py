"""What happens to values that are made of others, and to those of rarer types."""

from __future__ import annotations

from tests.exact.value_faults import ValueFault

FAULTS = (
    ValueFault("flag turned", "bool", "n > 2", "not v", "true before, false after"),
    ValueFault("flag filled in", "bool", "null", "false", "NULL before, false after"),
    ValueFault(
        "nil of a uuid",
        "uuid",
        "md5(n::text)::uuid",
        "'00000000-0000-0000-0000-000000000000'",
        "a value before, the nil uuid after",
    ),
    ValueFault(
        "digit of a uuid",
        "uuid",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'",
        "another uuid",
    ),
    ValueFault("byte", "bytea", "'\\x00ff10'", "'\\x00fe10'", "one bit flipped"),
    ValueFault(
        "bytes cut",
        "bytea",
        "decode(repeat('ab', 300), 'hex')",
        "substring(v, 1, 256)",
        "truncated at 256 bytes",
    ),
    ValueFault("NULL became no bytes", "bytea", "null", "''", "NULL before"),
    ValueFault(
        "bytes written as text",
        "bytea",
        "'\\xdeadbeef'",
        "convert_to('\\xdeadbeef', 'UTF8')",
        "\\x and hex stored as text",
    ),
    ValueFault("space in json", "json", '\'{"a": 1, "b": 2}\'', '\'{"a":1,"b":2}\'', "white space"),
    ValueFault(
        "order of keys", "json", '\'{"b": 1, "a": 2}\'', '\'{"a": 2, "b": 1}\'', "key order changed"
    ),
    ValueFault("key twice", "json", '\'{"a": 1, "a": 2}\'', "'{\"a\": 2}'", "duplicate keys lost"),
    ValueFault(
        "key lost", "jsonb", '\'{"a": 1, "b": {"c": 2}}\'', '\'{"a": 1, "b": {}}\'', "key lost"
    ),
    ValueFault("JSON null became NULL", "jsonb", "'null'", "null", "NULL after"),
    ValueFault(
        "null in JSON lost", "jsonb", '\'{"a": null, "b": 1}\'', "jsonb_strip_nulls(v)", "key lost"
    ),
    ValueFault(
        "number became text in JSON",
        "jsonb",
        "'{\"a\": 1}'",
        '\'{"a": "1"}\'',
        "number before, text after",
    ),
    ValueFault(
        "long number in JSON",
        "jsonb",
        "'{\"id\": 9007199254740993}'",
        "'{\"id\": 9007199254740992}'",
        "precision of a float",
    ),
    ValueFault("sign in JSON", "jsonb", "'{\"bal\": -5}'", "'{\"bal\": 5}'", "sign lost"),
    ValueFault(
        "nesting in JSON", "jsonb", "'[[1], 2]'", "'[[1, 2]]'", "another number of elements"
    ),
    ValueFault(
        "scale in JSON", "jsonb", "'{\"a\": 1.50}'", "'{\"a\": 1.5}'", "number written another way"
    ),
    ValueFault(
        "JSON in a text", "jsonb", "'{\"a\": 1}'", "to_jsonb(v::text)", "JSON encoded twice"
    ),
    ValueFault("mask of an address", "inet", "'10.0.0.1/24'", "'10.0.0.1'", "mask lost"),
    ValueFault("network of another size", "cidr", "'10.0.0.0/8'", "'10.0.0.0/9'", "mask changed"),
    ValueFault(
        "byte of a hardware address",
        "macaddr",
        "'08:00:2b:01:02:03'",
        "'08:00:2b:01:02:04'",
        "one digit changed",
    ),
    ValueFault("bits shorter", "varbit", "b'1010'", "b'101'", "truncated at 3 bits"),
    ValueFault("bit turned", "bit(4)", "b'1010'", "b'1011'", "one bit flipped"),
    ValueFault(
        "bound of a range",
        "int4range",
        "int4range(n, 10)",
        "int4range(id, 10, '[]')",
        "bound: off by +1",
    ),
    ValueFault(
        "range became empty",
        "daterange",
        "daterange('2024-01-01', '2024-02-01')",
        "'empty'",
        "empty",
    ),
    ValueFault(
        "ranges joined",
        "int4multirange",
        "'{[1,3),[5,8)}'",
        "'{[1,8)}'",
        "another number of ranges",
    ),
    ValueFault("element lost", "int[]", "'{1,2,3}'", "'{1,3}'", "element lost"),
    ValueFault("elements in another order", "text[]", "'{a,b,c}'", "'{c,b,a}'", "order"),
    ValueFault(
        "NULL became a word in an array",
        "text[]",
        "'{a,NULL}'",
        "'{a,\"NULL\"}'",
        "element: NULL before, the text 'NULL' after",
    ),
    ValueFault("array counted from 0", "int[]", "'{1,2}'", "'[0:1]={1,2}'", "array bounds changed"),
    ValueFault(
        "array flattened", "int[]", "'{{1,2},{3,4}}'", "'{1,2,3,4}'", "array dimensions changed"
    ),
    ValueFault("NULL became no elements", "int[]", "null", "'{}'", "NULL before"),
    ValueFault("another label", "mood", "'sad'", "'so so'", "another label"),
    ValueFault("label behind a cast of its own", "grade", "'good'", "'poor'", "another"),
    ValueFault("label in an array", "grade[]", "'{good}'", "'{poor}'", "element"),
    ValueFault(
        "field of a composite",
        "part",
        "'(1.0,ab,\"\",0)'",
        "'(1.0,ab,,0)'",
        "field: '' before, NULL after",
    ),
    ValueFault(
        "scale in a composite",
        "part",
        "'(1.10,ab,x,0)'",
        "'(1.1,ab,x,0)'",
        "field: number written another way",
    ),
    ValueFault("coordinates swapped", "point", "point(n, 10.5)", "point(10.5, id)", "coordinate"),
    ValueFault("minus zero of a point", "point", "'(1,-0)'", "'(1,0)'", "coordinate"),
    ValueFault("path closed", "path", "'[(0,0),(1,1)]'", "'((0,0),(1,1))'", "another shape"),
    ValueFault("positions of words", "tsvector", "'fat:1 rat:2'", "'fat rat'", "another value"),
    ValueFault("log position", "pg_lsn", "'16/B374D848'", "'16/B374D849'", "one digit changed"),
)
