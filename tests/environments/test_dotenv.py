"""Is a file of environment variables read as the programs read it, and told without a value?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.environments import dotenv
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("KEY=value", "value"),
        ("  export KEY = value  ", "value"),
        ("KEY=", ""),
        ("KEY=value # why", "value"),
        ("KEY='a # b'", "a # b"),
        ('KEY="a # b" # why', "a # b"),
        ("KEY=`a 'b' \"c\"`", "a 'b' \"c\""),
        ('KEY="a\\nb"', "a\nb"),
        ("KEY='a\\nb'", "a\\nb"),
        ('KEY="a\nb\nc"', "a\nb\nc"),
        ('KEY="a \\" b"', 'a \\" b'),
        ("KEY=postgresql://u@h/d?a=b", "postgresql://u@h/d?a=b"),
        ("\ufeff# why\r\n\r\nKEY=value\r\n", "value"),
    ],
)
def test_value_is_read_as_programs_read_it(tmp_path: Path, text: str, value: str) -> None:
    file = tmp_path / ".env"
    file.write_text(text, encoding="utf-8", newline="")

    read = dotenv.read(file)
    assert (read.values, read.faults) == ({"KEY": value}, ())


def test_line_after_a_value_of_several_lines_is_read_too() -> None:
    read = dotenv.parsed("A=\"1\n2\"\nB='x'\nC=3")

    assert read.values == {"A": "1\n2", "B": "x", "C": "3"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("A=1\nsecret", "line 2: is no KEY=value"),
        ("A=1\nB=2\nA=3", "line 3: A was set in line 1 already"),
        ("A=secret#2", "line 1: A holds a # outside of quotes, where some programs end the value"),
        ("A='secret", "line 1: A begins with a quote that does not end with the value"),
        ("A='secret' more", "line 1: A begins with a quote that does not end with the value"),
    ],
)
def test_what_programs_read_differently_is_told_by_line_and_key(text: str, fault: str) -> None:
    assert dotenv.parsed(text).faults == (fault,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HOST=h\nURL=postgresql://${HOST}/d", "postgresql://h/d"),
        ('A=1\nB="${A}2"\nURL=${B}3', "123"),
        ("URL='a$1'", "a$1"),
        ("URL=${HOST:-here}", "here"),
        ("PASSWORD='a$ b'\nURL=${PASSWORD}", "a$ b"),
    ],
)
def test_reference_is_replaced_by_what_the_file_says(text: str, value: str) -> None:
    assert dotenv.parsed(text).expanded("URL") == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("URL=secret${HOST}", "URL refers to HOST, which is not there"),
        ("URL=secret${A}\nA=${URL}", "URL refers to itself"),
    ],
)
def test_reference_to_nothing_is_told_by_its_key(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=f"^{complaint}$"):
        dotenv.parsed(text).expanded("URL")


@pytest.mark.parametrize("text", ["URL=se$cret", "URL='se${cret}'", 'URL="se\\$cret"'])
def test_dollar_that_programs_do_not_read_alike_is_told(text: str) -> None:
    with pytest.raises(
        UsageError, match=r"^URL holds a \$ that not all programs read alike"
    ) as told:
        dotenv.parsed(text).expanded("URL")

    assert told.value.hint == "in an address, %24 stands for it"
    assert "cret" not in str(told.value)


def test_keys_set_to_nothing_are_known() -> None:
    read = dotenv.parsed("A=\nB=''\nC=\"  \"\nD=1")

    assert (read.keys, read.empty) == (frozenset("ABCD"), frozenset("ABC"))


def test_no_value_is_in_its_representation() -> None:
    assert "secret" not in repr(dotenv.parsed("KEY=secret"))


@pytest.mark.parametrize(("raw", "why"), [(None, "No such file"), (b"\xff", "byte 0 is no UTF-8")])
def test_file_that_cannot_be_read_is_told(tmp_path: Path, raw: bytes | None, why: str) -> None:
    file = tmp_path / ".env"
    if raw is not None:
        file.write_bytes(raw)

    with pytest.raises(UsageError, match=f"^cannot be read: {why}"):
        dotenv.read(file)
