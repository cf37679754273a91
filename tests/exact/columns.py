"""Of which types may a column be, and a key?"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.exact import values
from tests.exact.values import Texts

# What the composite types, domains and enums below are made of; runs before any table is made.
TYPES = """
create type mood as enum ('sad', 'so so', 'it''s ok', 'Ωmega', '');
create type part as (amount numeric, code char(3), said text, weight float8);
create domain short as varchar(7);
create domain parts as part;
create domain marks as int[];
-- A cast of one's own may say less than the value does.
create type grade as enum ('good', 'poor');
create function one_grade(grade) returns text language sql immutable return 'grade';
create cast (grade as text) with function one_grade(grade);
"""


@dataclass(frozen=True)
class Kind:
    """A type, as a column declares it, and the texts that its values are made from.

    :param near: texts, made from another, that a careless comparison takes for it.
    """

    type: str
    texts: Texts
    near: Callable[[str], tuple[str, ...]] = lambda _: ()

    def __repr__(self) -> str:
        return self.type


def _near_text(text: str) -> tuple[str, ...]:
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    return (f"{text} ", f" {text}", text.swapcase(), text.rstrip(), *forms)


def _near_number(text: str) -> tuple[str, ...]:
    if not text[-1].isdigit():
        return ("0",)
    return (text.removeprefix("-") if text.startswith("-") else f"-{text}", f"{text}0")


def _near_float(text: str) -> tuple[str, ...]:
    return (repr(-float(text)), repr(math.nextafter(float(text), 0)))


KEYS: tuple[tuple[Kind, ...], ...] = (
    (Kind("int", values.integers(32)),),
    (Kind("bigint", values.integers(64)),),
    (Kind("text", values.text(20)),),
    (Kind("uuid", st.uuids().map(str)),),
    (Kind("name", values.text(15)),),
    (Kind("bytea", values.hexadecimal(0, 20).map("\\x{}".format)),),
    (Kind("date", values.DATES),),
    (Kind("timestamptz", values.STAMPS),),
    (Kind("mood", values.MOODS),),
    (Kind("int[]", st.lists(st.integers(-9, 9), max_size=3).map(values.braces)),),
    (Kind("int", values.integers(32)), Kind("text", values.text(9))),
    (Kind("bool", values.among("t", "f")), Kind("timestamp", values.STAMPS)),
    (Kind("uuid", st.uuids().map(str)), Kind("smallint", values.integers(16))),
    (Kind("text", values.text(5)), Kind("text", values.text(5)), Kind("int", values.integers(32))),
)

KINDS = (
    Kind("smallint", values.integers(16)),
    Kind("int", values.integers(32)),
    Kind("bigint", values.integers(64)),
    Kind("numeric", values.NUMERICS | values.among("Infinity", "-Infinity"), _near_number),
    Kind("numeric(12,3)", values.decimals(9, 6) | values.among("NaN")),
    Kind("numeric(3,-2)", values.decimals(5, 0).filter(lambda text: abs(int(text)) < 99000)),
    Kind("float4", values.floats(32)),
    Kind("float8", values.floats(64), _near_float),
    Kind("money", st.integers(-(2**63), 2**63 - 1).map(lambda cents: values.decimal(cents, 2))),
    Kind("oid", st.integers(0, 2**32 - 1).map(str)),
    Kind("xid8", st.integers(0, 2**64 - 1).map(str)),
    Kind("bool", values.among("t", "f")),
    Kind("text", values.text(20) | values.LONG, _near_text),
    Kind('text collate "C"', values.text(12), _near_text),
    Kind("varchar(12)", values.text(12), _near_text),
    Kind("varchar", values.text(12), _near_text),
    Kind("bpchar", values.text(12), _near_text),
    Kind("char(6)", values.text(6)),
    Kind('"char"', st.characters(codec="ascii", exclude_characters="\0\\") | values.among("")),
    Kind("name", values.text(15), _near_text),
    Kind(
        "bytea",
        values.hexadecimal(0, 20).map("\\x{}".format)
        | values.hexadecimal(1, 2).map(lambda h: "\\x" + h * 2000),
    ),
    Kind("uuid", st.uuids().map(str)),
    Kind(
        "date",
        values.DATES | values.among("infinity", "-infinity", "4713-01-01 BC", "5874897-12-31"),
    ),
    Kind("time", values.TIMES),
    Kind("timetz", st.builds(str.__add__, values.TIMES, values.ZONES)),
    Kind("timestamp", values.STAMPS | values.ODD_STAMPS),
    Kind("timestamp(3)", values.STAMPS | values.ROUNDABLE),
    Kind("timestamptz", st.builds(str.__add__, values.STAMPS, values.ZONES)),
    Kind("timestamptz(0)", values.ROUNDABLE),
    Kind("interval", values.INTERVALS),
    Kind("json", values.JSON_TEXTS),
    Kind("jsonb", values.JSON_TEXTS),
    Kind("jsonpath", values.WORDS.map('$."{}"'.format)),
    Kind("inet", st.builds(values.interface, values.ADDRESSES, st.integers(0, 999))),
    Kind("cidr", st.builds(values.network, values.ADDRESSES, st.integers(0, 999))),
    Kind("macaddr", values.hexadecimal(6, 6)),
    Kind("macaddr8", values.hexadecimal(8, 8)),
    Kind("bit(5)", st.text("01", min_size=5, max_size=5)),
    Kind("varbit", st.text("01", max_size=70)),
    Kind("point", values.POINTS),
    Kind("lseg", st.builds("[{},{}]".format, values.PLACES, values.PLACES)),
    Kind("line", st.builds("{{{},{},1}}".format, st.integers(1, 9), values.NUMBER)),
    Kind("box", st.builds("{},{}".format, values.PLACES, values.PLACES)),
    Kind("path", values.shapes("[", "]") | values.shapes("(", ")")),
    Kind("polygon", values.shapes("(", ")")),
    Kind("circle", values.CIRCLES),
    Kind("int4range", values.ranges(st.integers(-99, 99))),
    Kind(
        "numrange",
        values.ranges(st.decimals(-99, 99, places=2)) | values.SCALED.map("[{0},{0}]".format),
    ),
    Kind("daterange", values.ranges(st.dates())),
    Kind("tsrange", values.ranges(st.datetimes(), '"{}"'.format)),
    Kind("tstzrange", values.ranges(st.datetimes(), '"{}+05:45"'.format)),
    Kind("int8multirange", values.multiranges(values.ranges(st.integers(-(10**12), 10**12)))),
    Kind("nummultirange", values.multiranges(values.SCALED.map("[{0},{0}]".format))),
    Kind("mood", values.MOODS),
    Kind("short", values.text(7), _near_text),
    Kind("part", values.PARTS),
    Kind("parts", values.PARTS),
    Kind("marks", values.arrays(values.integers(32))),
    Kind("int[]", values.arrays(values.integers(32))),
    Kind("text[]", values.arrays(values.text(6))),
    Kind("numeric[]", values.arrays(values.NUMERICS)),
    Kind("float8[]", values.arrays(values.floats(64))),
    Kind("short[]", values.arrays(values.text(7))),
    Kind("char(3)[]", values.arrays(values.text(3))),
    Kind("timestamptz[]", values.arrays(values.ODD_STAMPS)),
    Kind("bytea[]", values.arrays(values.hexadecimal(0, 3).map("\\x{}".format))),
    Kind("jsonb[]", values.arrays(values.JSON_TEXTS)),
    Kind("mood[]", values.arrays(values.MOODS)),
    Kind("part[]", values.arrays(values.PARTS)),
    Kind("daterange[]", values.arrays(values.ranges(st.dates()))),
    Kind("tsvector", st.lists(values.LEXEMES, max_size=4).map(" ".join)),
    Kind(
        "tsquery", st.lists(values.WORDS.map("'{}'".format), min_size=1, max_size=3).map(" & ".join)
    ),
    Kind("pg_lsn", st.builds("{:X}/{:X}".format, *([st.integers(0, 2**32 - 1)] * 2))),
    Kind("regtype", values.among("integer", "text", "character varying", "mood[]")),
)
