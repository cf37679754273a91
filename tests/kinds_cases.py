"""Which differences are there, what are they called, and what looks like them but is not?"""

from __future__ import annotations

from dataclasses import dataclass

PG = "pg_catalog."


@dataclass(frozen=True)
class Case:
    """One difference, and its healthy neighbour: another value after, which has another name."""

    base: str
    before: str | None
    after: str | None
    kind: str
    place: str
    neighbour: str | None
    typtype: str = "b"

    def __repr__(self) -> str:
        return f"{self.base}: {self.kind}"


def of(base: str, *rows: tuple[str | None, str | None, str, str, str | None]) -> list[Case]:
    """Return the cases of one built-in type: before, after, kind, place, neighbour."""
    return [Case(PG + base, *row) for row in rows]


GREETING = "Grüße, naïve café"
LATIN = GREETING.encode().decode("latin-1")

NOTHING = [
    *of(
        "text",
        (None, "", "NULL before, '' after", "", " "),
        (None, "  ", "NULL before, blanks after", "", ""),
        (None, "null", "NULL before, the text 'NULL' after", "", "nullable"),
        (None, "ann", "NULL before, a value after", "", "NULL"),
        ("", None, "'' before, NULL after", "", "x"),
        ("ann", None, "a value before, NULL after", "", ""),
        ("", " ", "'' before, blanks after", "", "x"),
        ("ann", "", "a value before, '' after", "", " "),
        ("ann", "None", "a value before, the text 'NULL' after", "", "Nona"),
    ),
    *of("numeric", (None, "0.00", "NULL before, 0 after", "", "0.01")),
    *of("int4", ("0", None, "0 before, NULL after", "", "1")),
    *of("int4", ("7", "0", "a value before, 0 after", "", "70")),
    *of("float8", (None, "NaN", "NULL before, NaN after", "", "0")),
    *of("bool", (None, "f", "NULL before, false after", "", "t")),
    *of("bool", ("t", None, "true before, NULL after", "", "f")),
    *of("jsonb", (None, "{}", "NULL before, {} after", "", "null")),
    *of("jsonb", (None, "null", "NULL before, json null after", "", "{}")),
    *of("_int4", (None, "{}", "NULL before, {} after", "", "{0}")),
    *of("date", (None, "1970-01-01", "NULL before, 1970-01-01 after", "", "1970-01-02")),
    *of("bytea", (None, "\\x", "NULL before, '' after", "", "\\x00")),
    *of(
        "uuid",
        (
            None,
            "00000000-0000-0000-0000-000000000000",
            "NULL before, the nil uuid after",
            "",
            "00000000-0000-0000-0000-000000000001",
        ),
    ),
]

TEXTS = of(
    "text",
    ("ann ", "ann", "trailing blanks lost", "character 4 of 4", "an"),
    ("ann", "ann  ", "trailing blanks gained", "character 4 of 5", "ann-"),
    ("  ann", "ann", "leading blanks lost", "character 1 of 5", "  an"),
    ("ann", " ann", "leading blanks gained", "character 1 of 3", "Xann"),
    (" ann ", "ann", "leading and trailing blanks lost", "character 1 of 5", "ann "),
    ("ann\n", "ann", "trailing white space lost", "character 4 of 4", "ann\r\n\n-"),
    ("AnnLee", "annlee", "became lower case", "character 1 of 6", "ANNLEE"),
    ("AnnLee", "ANNLEE", "became upper case", "character 2 of 6", "annlee"),
    ("AnnLee", "annLee", "case changed", "character 1 of 6", "bnnLee"),
    ("00123", "123", "leading zeros lost", "", "124"),
    ("123456", "1.23E+5", "number became scientific notation", "", "1.24E+5"),
    ("1.50", "1.5", "number written another way", "", "1.6"),
    (GREETING, LATIN, "mojibake (UTF-8 read as Latin-1)", "character 3 of 17", LATIN[:-1]),
    (LATIN, GREETING, "mojibake repaired (UTF-8 read as Latin-1)", "character 3 of 21", "Grüsse"),
    ("5 €", "5 â\u201a¬", "mojibake (UTF-8 read as Windows-1252)", "character 3 of 3", "5 â"),
    (
        "é",
        "é".encode().decode("latin-1").encode().decode("latin-1"),
        "mojibake (UTF-8 read as Latin-1, twice)",
        "character 1 of 1",
        "Ã©",
    ),
    ("мир", "ìèð", "mojibake (Windows-1251 read as Latin-1)", "character 1 of 3", "ìèr"),
    ("naïve", "na\ufffdve", "characters became U+FFFD", "character 3 of 5", "na\ufffdvx"),
    ("naïve", "na??ve", "non-ASCII characters became '?'", "character 3 of 5", "na?e"),
    ("naïve", "naive", "accents stripped", "character 3 of 5", "naeve"),
    ("naïve", "nave", "non-ASCII characters lost", "character 3 of 5", "naïv"),
    ("hi 😀!", "hi !", "characters beyond U+FFFF lost", "character 4 of 5", "hi 😀"),
    ("café", "cafe\u0301", "Unicode form became NFD", "character 4 of 4", "cafe\u0300"),
    ("cafe\u0301", "café", "Unicode form became NFC", "character 4 of 5", "cafè"),
    ("a\nb", "a\\nb", "newline became \\n", "character 2 of 3", "anb"),
    ("a\nb", "a\\\\nb", "newline became \\\\n", "character 2 of 3", "a\\\\tb"),
    ("a\r\nb", "a\nb", "CRLF became LF", "character 2 of 4", "a\n\nb"),
    ("a\nb", "a\r\nb", "LF became CRLF", "character 2 of 3", "a\rb"),
    ("a\nb", "a b", "newline became a blank", "character 2 of 3", "a  b"),
    ("a\nb", "ab", "newlines lost", "character 2 of 3", "a"),
    ("a\tb", "a\\tb", "tab became \\t", "character 2 of 3", "atb"),
    ("a\tb", "a    b", "tab became 4 blanks", "character 2 of 3", "a   b"),
    ("a\\b", "a\\\\b", "backslashes doubled", "character 3 of 3", "a\\\\\\b"),
    ("a\\b", "ab", "backslashes lost", "character 2 of 3", "a\\"),
    ("it's", "it''s", "single quotes doubled", "character 4 of 4", 'it"s'),
    ('a "b" c', 'a ""b"" c', "double quotes doubled", "character 4 of 7", 'a ""b" c'),
    ("a", '"a"', "wrapped in double quotes", "character 1 of 1", '"a'),
    ("a & b", "a &amp; b", "HTML-escaped", "character 4 of 5", "a &lt; b"),
    ("a & b", "a &amp;amp; b", "HTML-escaped twice", "character 4 of 5", "a &amp; b"),
    ("a &amp; b", "a & b", "HTML entities resolved", "character 4 of 9", "a && b"),
    ("a b", "a%20b", "percent-encoded", "character 2 of 3", "a%21b"),
    ("a\x07b", "ab", "control characters lost", "character 2 of 3", "a"),
    ("a\u200bb", "ab", "zero-width characters lost", "character 2 of 3", "a b"),
    ("a\u00a0b", "a b", "no-break space became a blank", "character 2 of 3", "ab"),
    ("“a”", '"a"', "typographic punctuation became plain", "character 1 of 3", "'a'"),
    ("http://a/b", "https://a/b", "http became https", "character 5 of 10", "https://a/c"),
    ("x" * 80, "x" * 50, "truncated at 50 characters", "character 51 of 80", "x" * 49 + "y"),
    ("é" * 80, "é" * 25, "truncated at 50 bytes", "character 26 of 80", "é" * 30),
    (
        "日本語 ja",
        "日本\ufffd",
        "truncated at 6 bytes, within a character",
        "character 3 of 6",
        "日\ufffd語",
    ),
    ("abcdef", "abcde", "last character lost", "character 6 of 6", "abcd"),
    ("abcdef", "abc…", "truncated at 3 characters, dots added", "character 4 of 6", "abd…"),
    ("abcdef", "def", "beginning lost", "character 1 of 6", "ded"),
    ("abc", "abcdef", "text added at the end", "character 4 of 6", "abd"),
    ("abc", "abcabc", "written twice over", "character 4 of 6", "abcab"),
    ("AB12", "AB21", "digits swapped", "character 3 of 4", "AB22"),
    ("abcd", "abdc", "characters swapped", "character 3 of 4", "abdd"),
    ("abcd", "abxd", "one character changed", "character 3 of 4", "abxy"),
    ("abcd", "acd", "one character lost", "character 2 of 4", "axd"),
    ("hello world", "goodbye all", "another value", "character 1 of 11", "Hello world"),
) + of(
    "bpchar",
    ("ab   ", "ab", "trailing blanks lost (char(n))", "character 3 of 5", "a"),
)

NUMBERS = [
    *of(
        "int4",
        ("-5", "5", "sign lost", "", "6"),
        ("5", "-5", "sign gained", "", "-6"),
        ("5", "6", "off by +1", "", "7"),
        ("12345", "1234500", "multiplied by 100", "", "1234501"),
        ("12345", "123", "divided by 100, the rest lost", "", "124"),
        ("90000", "24464", "wrapped at 16 bits", "", "24465"),
        ("4711", "4171", "digits swapped", "digit 2 of 4", "4172"),
        ("4711", "4911", "one digit changed", "digit 2 of 4", "4912"),
    ),
    *of(
        "int8",
        ("3000000000", "-1294967296", "wrapped at 32 bits", "", "-1294967297"),
        ("3000000000", "2147483647", "clipped at 32 bits", "", "2147483646"),
        (
            "9007199254740993",
            "9007199254740992",
            "precision of a float (2^53)",
            "digit 16 of 16",
            "9007199254740991",
        ),
    ),
    *of(
        "numeric",
        ("1.33", "1.3300", "scale 2 before, 4 after", "", "1.3301"),
        ("1.335", "1.34", "rounded to 2 decimals", "digit 2 behind the point", "1.35"),
        ("1.339", "1.33", "cut to 2 decimals", "digit 3 behind the point", "1.32"),
        ("12.7", "12", "cut to a whole number", "digit 1 behind the point", "11"),
        ("12.34", "1234", "multiplied by 100", "", "1235"),
        ("5.25", "NaN", "a value before, NaN after", "", "0"),
        ("3.14159", "3.14169", "one digit changed", "digit 4 behind the point", "3.14268"),
    ),
    *of(
        "float8",
        ("0", "-0", "0 before, -0 after", "", "-1"),
        ("-0", "0", "-0 before, 0 after", "", "1"),
        ("1e-300", "1e-301", "divided by 10", "", "1e-302"),
        ("Infinity", "NaN", "Infinity before, NaN after", "", "-Infinity"),
        (
            "2.5000000000000004",
            "2.500000000000001",
            "float in the last place",
            "digit 15 behind the point",
            "2.50000000000001",
        ),
        (
            "0.30000000000000004",
            "0.3",
            "rounded to 15 digits",
            "digit 2 behind the point",
            "0.31",
        ),
        (
            "0.1",
            "0.10000000149011612",
            "narrowed to float4",
            "digit 2 behind the point",
            "0.1000001",
        ),
        ("0.123456789", "0.123457", "rounded to 6 digits", "digit 6 behind the point", "0.123458"),
    ),
    *of(
        "float4",
        ("0.1", "0.10000001", "float in the last place", "digit 2 behind the point", "0.1001"),
    ),
    *of(
        "money",
        ("$1,234.50", "1.234,50 €", "money written another way", "character 1 of 9", "$1.00"),
        ("$12.34", "$1,234.00", "multiplied by 100", "", "$1,235.00"),
    ),
]

NOON = "2024-05-01 12:00:00"
EXACT = "2024-05-01 12:34:56.123456"

MOMENTS = [
    *of(
        "timestamptz",
        (f"{NOON}+00", "2024-05-01 15:00:00+00", "moved by +3:00:00", "", "2024-05-01 15:01:00+00"),
        (f"{NOON}+00", "2024-05-01 06:30:00+00", "moved by -5:30:00", "", "2024-05-01 06:31:00+00"),
        (f"{NOON}+00", "2024-05-01 17:45:00+00", "moved by +5:45:00", "", "2024-05-01 17:44:00+00"),
    ),
    *of(
        "timestamp",
        (EXACT, EXACT[:-1] + "7", "1 microsecond", "", EXACT[:-2] + "99"),
        (EXACT, EXACT[:-2] + "99", "a few microseconds", "", EXACT[:-3] + "999"),
        (EXACT, EXACT[:-3], "cut to milliseconds", "", EXACT[:-4]),
        (f"{NOON}.123789", f"{NOON}.124", "rounded to milliseconds", "", f"{NOON}.123"),
        (EXACT, EXACT[:-7], "cut to seconds", "", "2024-05-01 12:34:55"),
        (EXACT, "2024-05-01 12:34:00", "cut to minutes", "", "2024-05-01 12:35:00"),
        (EXACT, "2024-05-01 00:00:00", "time of day lost", "", "2024-05-02 00:00:00"),
        (
            NOON,
            "1970-01-01 00:00:00",
            "a value before, 1970-01-01 after",
            "",
            "1970-01-01 00:01:00",
        ),
        (NOON, "infinity", "a value before, infinity after", "", "-infinity"),
        (NOON, "2023-11-17 09:13:20", "another value", "year", "2024-05-01 13:00:00"),
        (NOON, f"{NOON}+00", "time zone new", "", "2024-05-01 13:00:00+00"),
    ),
    *of(
        "date",
        ("2024-05-01", "2024-04-30", "moved by -1 day", "", "2024-04-29"),
        ("2024-05-01", "0024-05-01", "two-digit year", "", "0024-05-02"),
        ("1924-05-01", "2024-05-01", "another century", "", "2025-05-01"),
        ("0044-03-15 BC", "0044-03-15", "BC lost", "", "0045-03-15"),
        ("2024-05-03", "2024-03-05", "day and month swapped", "", "2024-03-06"),
        ("2024-05-03", "2025-05-03", "moved by +1 year", "", "2026-05-03"),
    ),
    *of(
        "time",
        ("23:00:00", "02:00:00", "moved by +3:00:00", "", "02:10:00"),
        ("24:00:00", "00:00:00", "24:00:00 before, 00:00:00 after", "", "01:00:00"),
    ),
    *of(
        "timetz",
        ("12:00:00+02", "10:00:00+00", "another time zone, the same moment", "", "11:00:00+00"),
    ),
    *of(
        "interval",
        ("1 day", "24:00:00", "interval normalised", "days", "23:00:00"),
        ("1 mon 02:00:00", "-1 mons -02:00:00", "sign flipped", "", "-1 mons +02:00:00"),
        ("00:00:01.5", "00:00:01", "cut to seconds", "time", "00:00:02"),
        ("1 year", "2 years", "another value", "months", "12 mons"),
    ),
]

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

CASES = (*NOTHING, *TEXTS, *NUMBERS, *MOMENTS, *DOCUMENTS, *LISTS, *OTHERS)
