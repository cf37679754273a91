"""Does every document arrive as it was written, however it was written?"""

from __future__ import annotations

import hashlib
import json
import string
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from gatepost import database
from gatepost.sources import documents, quick
from gatepost.sources.census import Census
from tests.sources import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from gatepost.dsn import Dsn

# Whatever PostgreSQL can hold: U+0000 and halves of pairs are refused, as `test_damage` shows.
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
# Of keys that read like a path, some are refused: tests/sources/test_census.py
_KEY = st.text(st.characters(codec="utf-8", exclude_characters="\0.["), min_size=1, max_size=12)
_DIGITS = st.text(string.digits, min_size=1, max_size=40)
_NUMBER = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-"]),
    st.one_of(st.just("0"), _DIGITS.map(lambda digits: f"1{digits}")),
    st.one_of(st.just(""), _DIGITS.map(lambda digits: f".{digits}")),
    st.sampled_from(["", "", "e0", "E+9", "e-12", "e300"]),
)


def _written(text: str) -> str:
    """Return a number as a text that `_spelled` takes out of its quotes."""
    return f"\N{NULL}{text}\N{NULL}"


_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), _TEXT, _NUMBER.map(_written)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEY, inner, max_size=4)),
    max_leaves=12,
)
_RECORDS = st.lists(st.dictionaries(_KEY, _VALUE, max_size=5), min_size=1, max_size=12)
_SPELLINGS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, None, 1, "\t"]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\r\n", ":\n")]),
    }
)


def _spelled(records: Any, **spelling: Any) -> str:
    """Return records as JSON, the numbers among them unquoted."""
    text = json.dumps(records, **spelling)
    return text.replace('"\\u0000', "").replace('\\u0000"', "")


# Of each kind of file a few, at every change; thousands were tried once.
_GIVEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_GIVEN
@given(records=_RECORDS, spelling=_SPELLINGS, key=st.booleans(), small=st.sampled_from([16, 99]))
def test_array_arrives_as_it_was_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    records: list[dict[str, Any]],
    spelling: dict[str, Any],
    key: bool,
    small: int,
) -> None:
    content = _spelled({"users": records} if key else records, **spelling)
    one = reading.collection(tmp_path, content)
    whole = reading.texts(one)
    with monkeypatch.context() as patch:
        reading.in_small_pieces(patch, small)
        pieces = reading.texts(one)

    expected = reading.exact(content)
    assert [reading.exact(text) for text in whole] == (expected["users"] if key else expected)
    assert pieces == whole


@_GIVEN
@given(records=_RECORDS, ascii_only=st.booleans(), ends=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_lines_arrive_as_they_were_written(
    tmp_path: Path, records: list[dict[str, Any]], ascii_only: bool, ends: str
) -> None:
    lines = [_spelled(record, ensure_ascii=ascii_only) for record in records]
    texts = reading.texts(reading.collection(tmp_path, ends.join(lines), "ndjson"))

    assert texts == lines


@_GIVEN
@given(
    records=_RECORDS,
    spelling=_SPELLINGS,
    at=st.floats(0, 1),
    put=st.one_of(st.binary(max_size=3), st.sampled_from(list(b'{}[],:"\\ 0e-.u\n'))),
    taken=st.integers(0, 2),
)
def test_quick_reader_and_judge_say_the_same_of_any_damage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    records: list[dict[str, Any]],
    spelling: dict[str, Any],
    at: float,
    put: bytes | int,
    taken: int,
) -> None:
    whole = _spelled(records, **spelling).encode()
    place = int(at * len(whole))
    more = bytes([put]) if isinstance(put, int) else put
    one = reading.collection(tmp_path, whole[:place] + more + whole[place + taken :])
    with monkeypatch.context() as patch:
        reading.in_small_pieces(patch, 64)
        quickly = reading.read(one)
    with monkeypatch.context() as patch:
        reading.without_quick(patch)
        surely = reading.read(one)

    assert quickly == surely


@_GIVEN
@given(text=st.one_of(_VALUE.map(_spelled), st.text(max_size=20)))
def test_quick_reader_takes_nothing_that_json_refuses(text: str) -> None:
    written = f'{{"a":{text}}}'
    if quick.read(written.encode(errors="replace")) is not None:
        json.loads(written)


def test_postgresql_holds_every_digit_of_every_number(
    tmp_path: Path, database18: Callable[..., Dsn]
) -> None:
    numbers = [
        "0", "1.10", "1.0000", "-7", "1e3", "1.5E-7", "9223372036854775808", "0.1" + "0" * 50,
        "123456789012345678901234567890.123456789012345678901234567890",
        "1" * 5000, "1e131071", "1e-16383", "0." + "0" * 16382 + "1",
    ]  # fmt: skip
    content = "".join(f'{{"n":{number}}}\n' for number in numbers)
    lines = b"".join(
        chunk.lines for chunk in documents.read(reading.collection(tmp_path, content, "ndjson"))
    )
    dsn = database18(
        "create table public.documents (number int generated always as identity, doc jsonb)"
    )
    with database.maintenance(dsn, label="test") as conn:
        with (
            conn.cursor() as cursor,
            cursor.copy(sql.SQL("copy public.documents (doc) from stdin")) as copy,
        ):
            copy.write(lines)
        held = conn.execute("select doc::text from public.documents order by number").fetchall()

    assert [reading.exact(str(row[0])) for row in held] == [
        reading.exact(f'{{"n":{number}}}') for number in numbers
    ]


def test_bytes_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf[{}] \n"
    one, census = reading.collection(tmp_path, content, bom="skip"), Census()
    reading.texts(one, census)

    assert census.bytes_read == 9
    assert census.sha256 == hashlib.sha256(content).hexdigest()
