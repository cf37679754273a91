"""Is every kind of damage refused, with its place, its record and the way out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost.errors import SourceFault
from gatepost.sources import documents, window
from tests.sources import reading

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.sources.collections import Format

# What is in the file, and what is said of it.
_JSON: dict[str, tuple[str | bytes, str]] = {
    "0 bytes": (b"", "users.json: the file is empty: 0 bytes"),
    "white space alone": (
        " \n ",
        "users.json:2:2: the file holds nothing but white space (byte 3)",
    ),
    "a number": ("17", "users.json:1:1: the file holds neither an array nor an object (byte 0)"),
    "wrong top key": (
        '{"uzers":[]}',
        (
            "users.json:1:1: no key 'users' at the top: it has 'uzers' (byte 0)\n"
            "  hint: did you mean 'uzers'?"
        ),
    ),
    "another top key": (
        '{"projects":[]}',
        (
            "users.json:1:1: no key 'users' at the top: it has 'projects' (byte 0)\n"
            '  hint: top = "projects", if that is meant'
        ),
    ),
    "no key": ("{}", "users.json:1:1: no key 'users' at the top: it has no key at all (byte 0)"),
    "several top keys": (
        '{"users":[{}],"teams":[{}]}',
        (
            "users.json:1:1: beside 'users' there is 'teams' at the top, which nobody would read"
            " (byte 0)\n"
            '  hint: declare a collection with top = "teams", or waive "$.teams"'
        ),
    ),
    "the top key twice": (
        '{"users":[{}],\n"users":[{}]}',
        "users.json:2:1: key 'users' stands twice at the top (byte 15)",
    ),
    "top is no array": (
        '{"users":{}}',
        "users.json:1:12: 'users' is an object, not an array (byte 11)",
    ),
    "a record is no object": (
        '[{"a":1},\n 17]',
        "users.json:2:2: record 2: this is a number, not an object (byte 11)",
    ),
    "a record is null": (
        "[null]",
        "users.json:1:2: record 1: this is null, not an object (byte 1)",
    ),
    "no record": (
        '{"users":[]}',
        "users.json: there is no record\n  hint: allow_empty = true in [source.collections.users]",
    ),
    "not UTF-8": (
        '[{"name":"ok"},\n{"name":"Jos\u00e9"}]'.encode("latin-1"),
        (
            "users.json:2:13: record 2: byte 0xE9 is no UTF-8 here (byte 28)\n"
            "  hint: convert the file: iconv -f latin1 -t utf-8, if it is Latin 1"
        ),
    ),
    "UTF-16": (
        "[]".encode("utf-16"),
        "users.json:1:1: this is UTF-16, not UTF-8 (byte 0)\n  hint: iconv -f utf-16 -t utf-8",
    ),
    "a byte order mark": (
        b"\xef\xbb\xbf[{}]",
        (
            "users.json:1:1: begins with a byte order mark (byte 0)\n"
            '  hint: bom = "skip" in [source.collections.users]'
        ),
    ),
    "U+0000 escaped": (
        '[{"a":1},{"name":"a\\u0000"}]',
        (
            "users.json:1:20: record 2: a text holds U+0000, which PostgreSQL cannot (byte 19)\n"
            '  hint: nul = "remove" takes it out'
        ),
    ),
    "U+0000 in a key": (
        '[{"a\\u0000":1}]',
        (
            "users.json:1:5: record 1: a text holds U+0000, which PostgreSQL cannot (byte 4)\n"
            '  hint: nul = "remove" takes it out'
        ),
    ),
    "a NUL byte": (
        b'[{"a":"x\0y"}]',
        "users.json:1:9: record 1: invalid control character (byte 8)",
    ),
    "a line feed in a text": (
        '[{"a":"x\ny"}]',
        "users.json:1:9: record 1: invalid control character (byte 8)",
    ),
    "half of a surrogate pair": (
        '[{"a":"x\\ud83dy"}]',
        "users.json:1:9: record 1: \\ud83d is half of a surrogate pair, without the other (byte 8)",
    ),
    "the other half of one": (
        '[{"a":"\\uDE00\\uD83D"}]',
        "users.json:1:8: record 1: \\uDE00 is half of a surrogate pair, without the other (byte 7)",
    ),
    "NaN": ('[{"a":[1,NaN]}]', "users.json:1:10: record 1: NaN is no number in JSON (byte 9)"),
    "-Infinity": (
        '[{"a":-Infinity}]',
        "users.json:1:7: record 1: -Infinity is no number in JSON (byte 6)",
    ),
    "a number beyond numeric": (
        '[{"a":1e131072}]',
        "users.json:1:7: record 1: 1e131072 has more digits than PostgreSQL's numeric (byte 6)",
    ),
    "a fraction beyond numeric": (
        '[{"a":1e-16384}]',
        "users.json:1:7: record 1: 1e-16384 has more digits than PostgreSQL's numeric (byte 6)",
    ),
    "an integer beyond numeric": (
        f'[{{"a":{"1" * 131073}}}]',
        (
            "users.json:1:7: record 1: 11111111111111111111… has more digits than PostgreSQL's"
            " numeric (byte 6)"
        ),
    ),
    "a key twice": (
        '[{"a":1},{"id":1,"x":{"id":2},"id":3}]',
        (
            'users.json:1:31: record 2: key "id" stands twice in one object (byte 30)\n'
            '  hint: duplicates = "last" takes the last one'
        ),
    ),
    "a key twice, once escaped": (
        '[{"id":1,"i\\u0064":3}]',
        (
            'users.json:1:10: record 1: key "id" stands twice in one object (byte 9)\n'
            '  hint: duplicates = "last" takes the last one'
        ),
    ),
    "a key twice, far down": (
        '[{"a":[{"b":{"c":1,"c":1}}]}]',
        (
            'users.json:1:20: record 1: key "c" stands twice in one object (byte 19)\n'
            '  hint: duplicates = "last" takes the last one'
        ),
    ),
    "cut off within a text": (
        '{"users":[{"a":1},\n{"a":"xy',
        (
            "users.json:2:6: record 2: the file ends within this: unterminated string starting"
            " (byte 24)\n  hint: it was cut off: compare its size with the original's, and copy it"
            " again"
        ),
    ),
    "cut off within a record": (
        '{"users":[{"a":1},\n{"a":1',
        (
            "users.json:2:7: record 2: the file ends within this: expecting ',' delimiter"
            " (byte 25)\n"
            "  hint: it was cut off: compare its size with the original's, and copy it again"
        ),
    ),
    "cut off between records": (
        '{"users":[{"a":1},',
        (
            "users.json:1:19: the file ends before its JSON does (byte 18)\n"
            "  hint: it was cut off: compare its size with the original's, and copy it again"
        ),
    ),
    "cut off behind the array": (
        '{"users":[{"a":1}]',
        (
            "users.json:1:19: the file ends before its JSON does (byte 18)\n"
            "  hint: it was cut off: compare its size with the original's, and copy it again"
        ),
    ),
    "something behind the end": (
        '[{"a":1}]\n[]',
        "users.json:2:1: there is more behind the end of the JSON (byte 10)",
    ),
    "no comma between records": (
        '[{"a":1} {"a":2}]',
        "users.json:1:10: expecting ',' or ']' (byte 9)",
    ),
    "a comma too many": (
        '[{"a":1},]',
        "users.json:1:10: record 2: expecting value (byte 9)",
    ),
    "a comma too many within": (
        '[{"a":1,}]',
        "users.json:1:9: record 1: expecting property name enclosed in double quotes (byte 8)",
    ),
    "a comment": (
        '[{"a":1 /* one */}]',
        "users.json:1:9: record 1: expecting ',' delimiter (byte 8)",
    ),
    "single quotes": (
        "[{'a':1}]",
        "users.json:1:3: record 1: expecting property name enclosed in double quotes (byte 2)",
    ),
    "huge nesting": (
        '[{"a":' + "[" * 300 + "]" * 300 + "}]",
        "users.json:1:2: record 1: nests deeper than 200 levels (byte 1)",
    ),
    "nesting beyond any stack": (
        '[{"a":' + "[" * 50_000 + "]" * 50_000 + "}]",
        "users.json:1:2: record 1: nests deeper than 200 levels (byte 1)",
    ),
}

_NDJSON: dict[str, tuple[str | bytes, str]] = {
    "0 bytes": (b"", "users.ndjson: the file is empty: 0 bytes"),
    "no record": (
        "\n\n",
        (
            "users.ndjson: there is no record\n"
            "  hint: allow_empty = true in [source.collections.users]"
        ),
    ),
    "two records on a line": (
        '{"a":1}\n{"a":2}{"a":3}\n',
        "users.ndjson:2:8: record 2: there is more behind the end of it (byte 15)",
    ),
    "a record on two lines": (
        '{"a":1,\n"b":2}\n',
        "users.ndjson:1:8: record 1: expecting property name enclosed in double quotes (byte 7)",
    ),
    "an array": ("[]\n", "users.ndjson:1:1: record 1: this is an array, not an object (byte 0)"),
    "cut off": (
        '{"a":1}\n\n{"a":',
        (
            "users.ndjson:3:6: record 2: the file ends within this: expecting value (byte 14)\n"
            "  hint: it was cut off: compare its size with the original's, and copy it again"
        ),
    ),
    "not UTF-8": (
        b'{"a":1}\n{"a":"\xe9"}\n',
        (
            "users.ndjson:2:7: record 2: byte 0xE9 is no UTF-8 here (byte 14)\n"
            "  hint: convert the file: iconv -f latin1 -t utf-8, if it is Latin 1"
        ),
    ),
    "a key twice, apart from its colon": (
        '{"a" :1,"a":2}\n',
        (
            'users.ndjson:1:9: record 1: key "a" stands twice in one object (byte 8)\n'
            '  hint: duplicates = "last" takes the last one'
        ),
    ),
}

_CSV: dict[str, tuple[str | bytes, str]] = {
    "0 bytes": (b"", "users.csv: the file is empty: 0 bytes"),
    "no header": ("\n\n", "users.csv:3: there is no header"),
    "no record": (
        "id,name\n",
        "users.csv: there is no record\n  hint: allow_empty = true in [source.collections.users]",
    ),
    "a field too few": ("id,name\n1,a\n2\n", "users.csv:3: record 2: 1 field, the header has 2"),
    "a field too many": (
        'id,name\n1,"a\nb"\n2,b,c\n',
        "users.csv:4: record 2: 3 fields, the header has 2",
    ),
    "a name twice": (
        "id,name,id\n1,a,2\n",
        (
            "users.csv:1: the header has 'id' 2 times\n"
            '  hint: duplicates = "last" takes the last one'
        ),
    ),
    "another delimiter": (
        "id;name\n1;a\n",
        (
            "users.csv:1: the header is one field: id;name\n"
            "  hint: fields are separated by commas here, not by ';'"
        ),
    ),
    "a quote that does not end": (
        'id,name\n1,"a\n2,b\n',
        (
            "users.csv:2: record 1: the file ends within quotes\n"
            "  hint: it was cut off: compare its size with the original's, and copy it again"
        ),
    ),
    "a quote within": (
        'id,name\n\n1,a\n2,"a"b\n',
        "users.csv:4: record 2: ',' expected after '\"'",
    ),
    "an empty line in one column": (
        "name\na\n\nb\n",
        (
            "users.csv:3: record 2: an empty line, which may be a record\n"
            '  hint: write "" where the field is empty, and no line where there is no record'
        ),
    ),
    "not UTF-8": (
        b"id,name\n1,\xe9\n",
        (
            "users.csv:2:3: byte 0xE9 is no UTF-8 here (byte 10)\n"
            "  hint: convert the file: iconv -f latin1 -t utf-8, if it is Latin 1"
        ),
    ),
    "a NUL byte": (
        b"id,name\n1,a\n2,\0\n",
        (
            "users.csv:3: a text holds U+0000, which PostgreSQL cannot\n"
            '  hint: nul = "remove" takes it out'
        ),
    ),
    "a byte order mark": (
        b"\xef\xbb\xbfid\n1\n",
        (
            "users.csv:1:1: begins with a byte order mark (byte 0)\n"
            '  hint: bom = "skip" in [source.collections.users]'
        ),
    ),
}

_CASES = [
    pytest.param(file_format, content, said, id=f"{file_format}: {name}")
    for file_format, cases in (("json", _JSON), ("ndjson", _NDJSON), ("csv", _CSV))
    for name, (content, said) in cases.items()
]


@pytest.mark.parametrize(("file_format", "content", "said"), _CASES)
def test_damage_is_refused_with_its_place(
    tmp_path: Path, file_format: Format, content: str | bytes, said: str
) -> None:
    assert reading.read(reading.collection(tmp_path, content, file_format)) == said


@pytest.mark.parametrize("how", [reading.without_quick, reading.in_small_pieces])
@pytest.mark.parametrize(("file_format", "content", "said"), _CASES)
def test_damage_is_told_alike_however_the_file_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file_format: Format,
    content: str | bytes,
    said: str,
    how: Any,
) -> None:
    how(monkeypatch)

    assert reading.read(reading.collection(tmp_path, content, file_format)) == said


@pytest.mark.parametrize(
    ("file_format", "content", "rules", "texts"),
    [
        ("json", '[{"a":"\\u0000x\\\\u0000"}]', {"nul": "remove"}, ['{"a":"x\\\\u0000"}']),
        ("csv", b"a\n\0x\n", {"nul": "remove"}, ['{"a": "x"}']),
        ("json", '[{"a":1,"a":2}]', {"duplicates": "last"}, ['{"a":1,"a":2}']),
        ("csv", "a,a\n1,2\n", {"duplicates": "last"}, ['{"a": "1", "a": "2"}']),
        ("json", b'\xef\xbb\xbf[{"a":1}]', {"bom": "skip"}, ['{"a":1}']),
        ("ndjson", b'\xef\xbb\xbf{"a":1}', {"bom": "skip"}, ['{"a":1}']),
        ("csv", b"\xef\xbb\xbfa\n1\n", {"bom": "skip"}, ['{"a": "1"}']),
        ("json", '{"users":[]}', {"allow_empty": True}, []),
        ("ndjson", "\n", {"allow_empty": True}, []),
        ("csv", "a\n", {"allow_empty": True}, []),
        ("csv", 'a\n""\nb', {}, ['{"a": ""}', '{"a": "b"}']),
        ("json", '{"people":[{"a":1}]}', {"top": "people"}, ['{"a":1}']),
        ("json", '{"version":3,"users":[{}]}', {"waive": {"$.version": "format"}}, ["{}"]),
    ],
)
def test_declared_rule_lets_a_file_pass(
    tmp_path: Path,
    file_format: Format,
    content: str | bytes,
    rules: dict[str, Any],
    texts: list[str],
) -> None:
    assert reading.texts(reading.collection(tmp_path, content, file_format, **rules)) == texts


@pytest.mark.parametrize(
    ("content", "top", "said"),
    [
        ('[{"a":1}]', "users", "the file is an array, and has no key 'users' (byte 0)"),
        ('{"users":[{"a":1}]}', "", "the file is an object, not an array (byte 0)"),
    ],
)
def test_declared_top_must_be_that_of_the_file(
    tmp_path: Path, content: str, top: str, said: str
) -> None:
    with pytest.raises(SourceFault) as fault:
        reading.texts(reading.collection(tmp_path, content, top=top))

    assert fault.value.message == f"users.json:1:1: {said}"


def test_damage_a_megabyte_in_is_told_with_its_line(tmp_path: Path) -> None:
    records = [f'{{"id": {number}, "name": "José {number}"}}' for number in range(100_000)]
    records[77_777] = records[77_777].replace('"name"', '"id"')
    one = reading.collection(tmp_path, '{"users": [\n  ' + ",\n  ".join(records) + "\n]}\n")

    said = reading.read(one)

    assert isinstance(said, str)
    assert said.startswith('users.json:77779:17: record 77,778: key "id" stands twice')


def test_record_larger_than_what_is_held_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "LARGEST", 1 << 20)
    one = reading.collection(tmp_path, '[{"a":1},{"a":"' + "x" * (4 << 20) + '"}]')

    assert reading.read(one) == "users.json:1:10: no record ends within 1.0 MB from here (byte 9)"


@pytest.mark.parametrize("file_format", ["json", "ndjson", "csv"])
def test_file_that_cannot_be_opened_is_told(tmp_path: Path, file_format: Format) -> None:
    one = reading.collection(tmp_path, "", file_format)
    assert one.file is not None
    one.file.unlink()

    assert reading.read(one) == f"users.{file_format}: cannot be read: No such file or directory"


def test_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    one = reading.collection(tmp_path, '{"a":1}\n', "ndjson")
    assert one.file is not None

    chunks = documents.read(one)
    next(chunks)
    one.file.write_text('{"a":2}\n{"a":3}\n')

    with pytest.raises(SourceFault, match="was changed while it was read"):
        next(chunks)
