"""Which texts does each type of PostgreSQL take, the odd ones before all?

A value is the text that a user would type for it; the server casts it, so that any type can be had
and nothing is lost between Python and the server.
"""

from __future__ import annotations

import ipaddress
import json
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    Texts = st.SearchStrategy[str]

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


def _among(*texts: str) -> Texts:
    return st.sampled_from(texts)


def _integers(bits: int) -> Texts:
    edge = 2 ** (bits - 1)
    return st.integers(-edge, edge - 1).map(str) | _among("0", "-1", str(-edge), str(edge - 1))


def _floats(width: Any) -> Texts:
    tiny = {32: "1e-45", 64: "5e-324"}[width]
    odd = _among("-0", "0", "NaN", "Infinity", "-Infinity", tiny, f"-{tiny}", "0.1", "1e15")
    return st.floats(width=width).map(repr) | odd


def _decimal(unscaled: int, scale: int) -> str:
    digits = str(abs(unscaled)).rjust(scale + 1, "0")
    whole, fraction = digits[: len(digits) - scale], digits[len(digits) - scale :]
    return ("-" if unscaled < 0 else "") + whole + ("." + fraction if scale else "")


def _decimals(digits: int, scale: int) -> Texts:
    most = 10**digits - 1
    return st.builds(_decimal, st.integers(-most, most), st.integers(0, scale))


_PRINTED = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_ODD_TEXTS = _among(
    *(
        "",
        " ",
        "  a ",
        "a\n",
        "\r\n\t",
        "NULL",
        "null",
        r"\N",
        r"\\",
        '"',
        "''",
        "{}",
        "()",
        ",",
        "%",
    ),
    *(
        "é",
        "e\u0301",
        "ß",
        "\ufeffa",
        "\ufffd",
        "😀",
        "👩‍👩‍👧",
        "İi",
        "\x01\x7f\x85",
        "a\u00a0",
        "Ð¿Ñ€",
    ),
)


def _text(most: int) -> Texts:
    """Any Unicode but NUL, which PostgreSQL does not store."""
    return st.text(_PRINTED, max_size=most) | _ODD_TEXTS.filter(lambda text: len(text) <= most)


# Long enough to be compressed and moved out of line.
_LONG = st.builds(lambda text, times: text * times, _text(9), st.integers(300, 900))
_WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=6)


def _hex(least: int, most: int) -> Texts:
    return st.binary(min_size=least, max_size=most).map(bytes.hex)


_DATES = st.dates().map(str)
_TIMES = st.times().map(str) | _among("24:00:00", "23:59:59.999999", "00:00:00.000001")
_STAMPS = st.datetimes().map(str)
_ZONES = _among("", "+00", "+05:45", "-08", "+13:59", "-11:30")
_STAMPS_ODD = _among(
    *("infinity", "-infinity", "epoch", "4713-01-01 00:00:00 BC", "0044-03-15 12:30:00.000001 BC"),
    *("294276-12-31 23:59:59.999999", "2025-03-30 02:30:00", "1970-01-01 00:00:00"),
)
# The last microsecond, rounded up, is stored and dumped, but no server reads it back.
_ROUNDABLE = _STAMPS_ODD.filter(lambda text: not text.startswith("294276"))
_SPAN = st.integers(-(10**5), 10**5)
_INTERVALS = st.builds("{} mons {} days {} microseconds".format, _SPAN, _SPAN, _SPAN) | _among(
    "0", "1 mon -30 days", "24:00:00", "1 day", "-178000000 years", "-00:00:00.000001"
)

_NUMBER = st.floats(allow_nan=False, allow_infinity=False).map(repr) | _among("-0", "0", "1e-320")
_POINTS = st.builds("({},{})".format, *([_NUMBER | _among("NaN", "Infinity")] * 2))
_PLACES = st.builds("({},{})".format, _NUMBER, _NUMBER)


def _shape(opening: str, closing: str) -> Texts:
    places = st.lists(_PLACES, min_size=1, max_size=4)
    return places.map(lambda found: f"{opening}{','.join(found)}{closing}")


_CIRCLES = st.builds(
    "<{},{}>".format, _PLACES, st.floats(0, allow_nan=False, allow_infinity=False).map(repr)
)

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text(6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text(4), inner, max_size=3),
    max_leaves=6,
)
_JSON_TEXTS = st.builds(
    lambda value, indent, ascii_only: json.dumps(value, indent=indent, ensure_ascii=ascii_only),
    _JSON,
    st.sampled_from([None, 0, 2]),
    st.booleans(),
) | _among(
    "null", "{}", "[[]]", '""', "1e400", "-0", "1.0", "1.00", '{"a":1,"a":2}', '{"b":1,"a":2}'
)

_ADDRESSES = st.ip_addresses()


def _network(address: Any, prefix: int) -> str:
    return str(
        ipaddress.ip_network((str(address), prefix % (address.max_prefixlen + 1)), strict=False)
    )


def _interface(address: Any, prefix: int) -> str:
    return f"{str(address).partition('%')[0]}/{prefix % (address.max_prefixlen + 1)}"


def _ranges(ends: st.SearchStrategy[Any], shown: Callable[[Any], str] = str) -> Texts:
    """Ranges with each kind of bound, endless and empty ones included."""

    def made(two: Sequence[Any], opening: str, closing: str, endless: int) -> str:
        lower, upper = (shown(one) for one in sorted(two))
        lower, upper = "" if endless & 1 else lower, "" if endless & 2 else upper
        return f"{opening}{lower},{upper}{closing}"

    two = st.lists(ends, min_size=2, max_size=2)
    whole = st.builds(made, two, _among("[", "("), _among("]", ")"), st.integers(0, 3))
    return whole | _among("empty", "(,)")


def _multiranges(ranges: Texts) -> Texts:
    return st.lists(ranges, max_size=3).map(lambda found: "{" + ",".join(found) + "}")


_SCALED = st.builds(
    lambda whole, scale: f"{whole}.{'0' * scale}", st.integers(-99, 99), st.integers(1, 4)
)


def _set(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _quoted(text: str | None, null: str) -> str:
    if text is None:
        return null
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rows(*fields: Texts) -> Texts:
    """Composite values, of which any field may be NULL."""
    return st.tuples(*(st.none() | field for field in fields)).map(
        lambda found: "(" + ",".join(_quoted(one, "") for one in found) + ")"
    )


def _arrays(elements: Texts) -> Texts:
    """Arrays of one and two dimensions, with NULL, empty, and with bounds of their own."""
    element = (st.none() | elements).map(lambda text: _quoted(text, "NULL"))

    def braces(found: list[str]) -> str:
        return "{" + ",".join(found) + "}"

    flat = st.lists(element, max_size=4).map(braces)
    bounded = st.builds("[{0}:{0}]={1}".format, st.integers(-3, 3), element.map("{{{}}}".format))
    deep = st.integers(1, 2).flatmap(
        lambda width: st.lists(
            st.lists(element, min_size=width, max_size=width).map(braces), min_size=1, max_size=2
        ).map(braces)
    )
    return flat | bounded | deep | st.just("{}")


_PARTS = _rows(_decimals(9, 5), _text(3), _text(5), _floats(64))
_MOODS = _among("sad", "so so", "it's ok", "Ωmega", "")
_LEXEMES = st.builds(
    "'{}':{}{}".format, _WORDS, st.integers(1, 16383), _among("", "A", "B", "C")
) | _WORDS.map("'{}'".format)
_NUMERICS = (
    _decimals(24, 24)
    | _decimals(3, 8)
    | _among("NaN", "0", "0.00", "-0.0", "1.0", "1.00", "1e-40", "1e1000", "1e-1000")
)

KEYS: tuple[tuple[Kind, ...], ...] = (
    (Kind("int", _integers(32)),),
    (Kind("bigint", _integers(64)),),
    (Kind("text", _text(20)),),
    (Kind("uuid", st.uuids().map(str)),),
    (Kind("name", _text(15)),),
    (Kind("bytea", _hex(0, 20).map("\\x{}".format)),),
    (Kind("date", _DATES),),
    (Kind("timestamptz", _STAMPS),),
    (Kind("mood", _MOODS),),
    (Kind("int[]", st.lists(st.integers(-9, 9), max_size=3).map(_set)),),
    (Kind("int", _integers(32)), Kind("text", _text(9))),
    (Kind("bool", _among("t", "f")), Kind("timestamp", _STAMPS)),
    (Kind("uuid", st.uuids().map(str)), Kind("smallint", _integers(16))),
    (Kind("text", _text(5)), Kind("text", _text(5)), Kind("int", _integers(32))),
)

KINDS = (
    Kind("smallint", _integers(16)),
    Kind("int", _integers(32)),
    Kind("bigint", _integers(64)),
    Kind("numeric", _NUMERICS | _among("Infinity", "-Infinity"), _near_number),
    Kind("numeric(12,3)", _decimals(9, 6) | _among("NaN")),
    Kind("numeric(3,-2)", _decimals(5, 0).filter(lambda text: abs(int(text)) < 99000)),
    Kind("float4", _floats(32)),
    Kind("float8", _floats(64), _near_float),
    Kind("money", st.integers(-(2**63), 2**63 - 1).map(lambda cents: _decimal(cents, 2))),
    Kind("oid", st.integers(0, 2**32 - 1).map(str)),
    Kind("xid8", st.integers(0, 2**64 - 1).map(str)),
    Kind("bool", _among("t", "f")),
    Kind("text", _text(20) | _LONG, _near_text),
    Kind('text collate "C"', _text(12), _near_text),
    Kind("varchar(12)", _text(12), _near_text),
    Kind("varchar", _text(12), _near_text),
    Kind("bpchar", _text(12), _near_text),
    Kind("char(6)", _text(6)),
    Kind('"char"', st.characters(codec="ascii", exclude_characters="\0\\") | _among("")),
    Kind("name", _text(15), _near_text),
    Kind("bytea", _hex(0, 20).map("\\x{}".format) | _hex(1, 2).map(lambda h: "\\x" + h * 2000)),
    Kind("uuid", st.uuids().map(str)),
    Kind("date", _DATES | _among("infinity", "-infinity", "4713-01-01 BC", "5874897-12-31")),
    Kind("time", _TIMES),
    Kind("timetz", st.builds(str.__add__, _TIMES, _ZONES)),
    Kind("timestamp", _STAMPS | _STAMPS_ODD),
    Kind("timestamp(3)", _STAMPS | _ROUNDABLE),
    Kind("timestamptz", st.builds(str.__add__, _STAMPS, _ZONES)),
    Kind("timestamptz(0)", _ROUNDABLE),
    Kind("interval", _INTERVALS),
    Kind("json", _JSON_TEXTS),
    Kind("jsonb", _JSON_TEXTS),
    Kind("jsonpath", _WORDS.map('$."{}"'.format)),
    Kind("inet", st.builds(_interface, _ADDRESSES, st.integers(0, 999))),
    Kind("cidr", st.builds(_network, _ADDRESSES, st.integers(0, 999))),
    Kind("macaddr", _hex(6, 6)),
    Kind("macaddr8", _hex(8, 8)),
    Kind("bit(5)", st.text("01", min_size=5, max_size=5)),
    Kind("varbit", st.text("01", max_size=70)),
    Kind("point", _POINTS),
    Kind("lseg", st.builds("[{},{}]".format, _PLACES, _PLACES)),
    Kind("line", st.builds("{{{},{},1}}".format, st.integers(1, 9), _NUMBER)),
    Kind("box", st.builds("{},{}".format, _PLACES, _PLACES)),
    Kind("path", _shape("[", "]") | _shape("(", ")")),
    Kind("polygon", _shape("(", ")")),
    Kind("circle", _CIRCLES),
    Kind("int4range", _ranges(st.integers(-99, 99))),
    Kind("numrange", _ranges(st.decimals(-99, 99, places=2)) | _SCALED.map("[{0},{0}]".format)),
    Kind("daterange", _ranges(st.dates())),
    Kind("tsrange", _ranges(st.datetimes(), '"{}"'.format)),
    Kind("tstzrange", _ranges(st.datetimes(), '"{}+05:45"'.format)),
    Kind("int8multirange", _multiranges(_ranges(st.integers(-(10**12), 10**12)))),
    Kind("nummultirange", _multiranges(_SCALED.map("[{0},{0}]".format))),
    Kind("mood", _MOODS),
    Kind("short", _text(7), _near_text),
    Kind("part", _PARTS),
    Kind("parts", _PARTS),
    Kind("marks", _arrays(_integers(32))),
    Kind("int[]", _arrays(_integers(32))),
    Kind("text[]", _arrays(_text(6))),
    Kind("numeric[]", _arrays(_NUMERICS)),
    Kind("float8[]", _arrays(_floats(64))),
    Kind("short[]", _arrays(_text(7))),
    Kind("char(3)[]", _arrays(_text(3))),
    Kind("timestamptz[]", _arrays(_STAMPS_ODD)),
    Kind("bytea[]", _arrays(_hex(0, 3).map("\\x{}".format))),
    Kind("jsonb[]", _arrays(_JSON_TEXTS)),
    Kind("mood[]", _arrays(_MOODS)),
    Kind("part[]", _arrays(_PARTS)),
    Kind("daterange[]", _arrays(_ranges(st.dates()))),
    Kind("tsvector", st.lists(_LEXEMES, max_size=4).map(" ".join)),
    Kind("tsquery", st.lists(_WORDS.map("'{}'".format), min_size=1, max_size=3).map(" & ".join)),
    Kind("pg_lsn", st.builds("{:X}/{:X}".format, *([st.integers(0, 2**32 - 1)] * 2))),
    Kind("regtype", _among("integer", "text", "character varying", "mood[]")),
)
