"""Documents, lists, and what is left."""

from __future__ import annotations

from tests.kinds_cases.case import Case, of

DOCUMENTS = [
    *of(
        "jsonb",
        ('{"a": 1, "b": 2}', '{"a": 1}', "key lost", "key b", '{"a": 1, "b": 3}'),
        ('{"a": 1}', '{"a": 1, "b": {}}', "key new", "key b", '{"a": {}}'),
        (
            '{"meta": {"count": 5}}',
            '{"meta": {"count": 9}}',
            "value changed: one digit changed",
            "key meta.count",
            '{"meta": {"count": 5, "x": 1}}',
        ),
        (
            '{"id": 9007199254740993}',
            '{"id": 9007199254740992}',
            "value changed: precision of a float (2^53)",
            "key id",
            '{"id": 9007199254740990}',
        ),
        ('{"n": "5"}', '{"n": 5}', "text before, number after", "key n", '{"n": "6"}'),
        ('{"n": null}', '{"n": ""}', "null before, text after", "key n", "{}"),
        ('{"n": true}', '{"n": false}', "true before, false after", "key n", '{"n": 0}'),
        ("[1, 2, 3]", "[3, 2, 1]", "array order changed", "the top", "[3, 2, 2]"),
        ('{"t": [1, 2]}', '{"t": [1]}', "element lost", "key t", '{"t": [1, 3]}'),
        ('{"a": "x"}', '"{\\"a\\": \\"x\\"}"', "JSON encoded twice", "the top", '"{}"'),
        (
            '{"name": "é"}',
            '{"name": "Ã©"}',
            "value changed: mojibake (UTF-8 read as Latin-1)",
            "key name",
            '{"name": "e"}',
        ),
        (
            '{"9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin": 1, "b": 1}',
            '{"9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin": 2, "b": 2}',
            "value changed: off by +1",
            "key … and 1 more",
            "{}",
        ),
    ),
    *of(
        "json",
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', "key order changed", "", '{"b": 2, "a": 2}'),
        ('{"a": 1, "a": 2}', '{"a": 2}', "duplicate keys lost", "", '{"a": 1}'),
        ('{"a": 1}', '{"a":1}', "white space between tokens changed", "", '{"a":2}'),
        ('{"a": 1.0}', '{"a": 1}', "number written another way", "character 8 of 10", '{"a": 2}'),
        (
            '{"a": "\\u00e9"}',
            '{"a": "é"}',
            "escapes written another way",
            "character 8 of 15",
            "{}",
        ),
    ),
]
LISTS = [
    *of(
        "_int4",
        ("{1,2,3}", "{1,3}", "element lost", "element 2", "{1,4}"),
        ("{1,2}", "{1,2,3}", "element new", "element 3", "{1,3,4}"),
        ("{1,2,3}", "{3,2,1}", "array order changed", "", "{3,2,2}"),
        ("{1,2,2}", "{1,2}", "duplicate elements lost", "", "{1,3}"),
        ("{1,NULL,3}", "{1,3}", "NULL element lost", "element 2", "{1,NULL}"),
        ("{1,NULL}", "{1,0}", "element: NULL before, a value after", "element 2", "{1}"),
        ("{{1,2},{3,4}}", "{1,2,3,4}", "array dimensions changed", "", "{1,2,3,5}"),
        ("[0:1]={1,2}", "{1,2}", "array bounds changed", "", "{2,1}"),
        ("{1,2}", "{1,-2}", "element: sign gained", "element 2", "{1,-3}"),
    ),
    *of(
        "_text",
        (
            "{a,NULL}",
            '{a,"NULL"}',
            "element: NULL before, the text 'NULL' after",
            "element 2",
            "{a,b}",
        ),
        (
            '{"a b","c\\"d"}',
            '{"a b","C\\"D"}',
            "element: became upper case",
            "element 2",
            '{"a b",c}',
        ),
    ),
    *of(
        "int4range",
        ("[1,5)", "[1,6)", "bound: off by +1", "upper bound", "[1,7)"),
        ("[1,5)", "empty", "a value before, an empty range after", "", "[1,2)"),
        ("[1,5)", "[1,)", "upper bound lost", "", "[1,6)"),
    ),
    *of(
        "numrange",
        (
            "[1.5,2.5]",
            "[1.5,2.5)",
            "upper bound inclusive before, exclusive after",
            "",
            "[1.5,2.4]",
        ),
    ),
    *of(
        "tstzrange",
        (
            '["2024-05-01 12:00:00+00",infinity)',
            '["2024-05-01 14:00:00+00",infinity)',
            "bound: moved by +2:00:00",
            "lower bound",
            '["2024-05-01 14:01:00+00",infinity)',
        ),
    ),
    *of(
        "int4multirange",
        (
            "{[1,3),[5,7)}",
            "{[1,3)}",
            "another number of ranges",
            "character 7 of 13",
            "{[1,3),[5,8)}",
        ),
        ("{[1,3),[5,7)}", "{[1,3),[5,8)}", "range: bound: off by +1", "range 2", "{}"),
    ),
    Case(
        "shop.address",
        '(Main,"a ""b""",)',
        '(Main,"A ""B""",)',
        "field: became upper case",
        "field 2",
        "(Main,c,)",
        "c",
    ),
    Case(
        "shop.address",
        "(Main,)",
        '(Main,"")',
        "field: NULL before, '' after",
        "field 2",
        "(Main,x)",
        "c",
    ),
]
UUID = "12345678-1234-5678-1234-567812345678"
OTHERS = [
    *of("bool", ("t", "f", "true before, false after", "", None)),
    *of(
        "uuid",
        (
            UUID,
            "78563412-3412-7856-1234-567812345678",
            "bytes of the first three fields reversed",
            "",
            UUID[:-1] + "9",
        ),
        (UUID, UUID[:-1] + "9", "another uuid", "character 36 of 36", None),
    ),
    *of(
        "bytea",
        ("\\x00ff10", "\\x00ff", "truncated at 2 bytes", "byte 3 of 3", "\\x00fe"),
        ("\\x61620000", "\\x6162", "trailing zero bytes lost", "byte 3 of 4", "\\x61"),
        ("\\x61006263", "\\x61", "cut at the first zero byte", "byte 2 of 4", "\\x6100"),
        (
            "\\xdead",
            "\\x" + b"dead".hex(),
            "hex stored as text",
            "byte 1 of 4",
            "\\x" + b"deae".hex(),
        ),
        (
            "\\xdead",
            "\\x" + b"\\xdead".hex(),
            "\\x and hex stored as text",
            "byte 1 of 6",
            "\\x5c78",
        ),
        (
            "\\xdead",
            "\\x" + b"3q0=".hex(),
            "base64 stored as text",
            "byte 1 of 4",
            "\\x" + b"3q0A".hex(),
        ),
        (
            "\\xe9",
            "\\xc3a9",
            "bytes read as Latin-1 and written as UTF-8",
            "byte 1 of 2",
            "\\xc3a8",
        ),
        ("\\x41e942", "\\x41efbfbd42", "bytes became U+FFFD", "byte 2 of 5", "\\x41efbfbe42"),
        ("\\x0d0a", "\\x0a", "CRLF became LF", "byte 1 of 2", "\\x0b"),
        ("\\x0011", "\\x0013", "one bit flipped", "bit 7 of byte 2 of 2", "\\x0012"),
        ("\\x0011", "\\x0012", "one byte changed", "byte 2 of 2", "\\x0112"),
    ),
    *of("varbit", ("10101", "10111", "one bit flipped", "bit 4 of 5", "01111")),
    *of("varbit", ("10101", "101", "truncated at 3 bits", "", "111")),
    *of(
        "inet",
        ("10.0.0.1/24", "10.0.0.1", "mask lost", "", "10.0.0.2"),
        ("10.0.0.1/24", "10.0.0.1/16", "mask changed", "", "10.0.0.2/24"),
        ("10.0.0.1/24", "10.0.0.0/24", "host bits lost", "", "10.0.1.0/24"),
        ("10.0.0.1", "::ffff:10.0.0.1", "IPv4 before, IPv6 after", "", "10.0.0.2"),
    ),
    *of(
        "point",
        ("(1,2.5)", "(1,-2.5)", "coordinate: sign gained", "number 2 of 2", "(1,2.4)"),
    ),
    Case("shop.state", "open", "closed", "another label", "", "OPEN", "e"),
    Case("public.citext", "Ann", "ann", "became lower case", "character 1 of 3", "bnn"),
]

CASES = (*DOCUMENTS, *LISTS, *OTHERS)
