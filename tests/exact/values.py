"""Which texts does each type of PostgreSQL take, the odd ones before all?

A value is the text that a user would type for it; the server casts it, so that any type can be had
and nothing is lost between Python and the server.
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Texts = st.SearchStrategy[str]


def braces(items: Iterable[object]) -> str:
    """Return items as arrays and multiranges are written."""
    return "{" + ",".join(map(str, items)) + "}"


def among(*texts: str) -> Texts:
    return st.sampled_from(texts)


def integers(bits: int) -> Texts:
    edge = 2 ** (bits - 1)
    return st.integers(-edge, edge - 1).map(str) | among("0", "-1", str(-edge), str(edge - 1))


def floats(width: Any) -> Texts:
    tiny = {32: "1e-45", 64: "5e-324"}[width]
    odd = among("-0", "0", "NaN", "Infinity", "-Infinity", tiny, f"-{tiny}", "0.1", "1e15")
    return st.floats(width=width).map(repr) | odd


def decimal(unscaled: int, scale: int) -> str:
    digits = str(abs(unscaled)).rjust(scale + 1, "0")
    whole, fraction = digits[: len(digits) - scale], digits[len(digits) - scale :]
    return ("-" if unscaled < 0 else "") + whole + ("." + fraction if scale else "")


def decimals(digits: int, scale: int) -> Texts:
    most = 10**digits - 1
    return st.builds(decimal, st.integers(-most, most), st.integers(0, scale))


_PRINTED = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_ODD_TEXTS = among(
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


def text(most: int) -> Texts:
    """Any Unicode but NUL, which PostgreSQL does not store."""
    return st.text(_PRINTED, max_size=most) | _ODD_TEXTS.filter(lambda text: len(text) <= most)


# Long enough to be compressed and moved out of line.
LONG = st.builds(lambda text, times: text * times, text(9), st.integers(300, 900))
WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=6)


def hexadecimal(least: int, most: int) -> Texts:
    return st.binary(min_size=least, max_size=most).map(bytes.hex)


DATES = st.dates().map(str)
TIMES = st.times().map(str) | among("24:00:00", "23:59:59.999999", "00:00:00.000001")
STAMPS = st.datetimes().map(str)
ZONES = among("", "+00", "+05:45", "-08", "+13:59", "-11:30")
ODD_STAMPS = among(
    *("infinity", "-infinity", "epoch", "4713-01-01 00:00:00 BC", "0044-03-15 12:30:00.000001 BC"),
    *("294276-12-31 23:59:59.999999", "2025-03-30 02:30:00", "1970-01-01 00:00:00"),
)
# The last microsecond, rounded up, is stored and dumped, but no server reads it back.
ROUNDABLE = ODD_STAMPS.filter(lambda text: not text.startswith("294276"))
_SPAN = st.integers(-(10**5), 10**5)
INTERVALS = st.builds("{} mons {} days {} microseconds".format, _SPAN, _SPAN, _SPAN) | among(
    "0", "1 mon -30 days", "24:00:00", "1 day", "-178000000 years", "-00:00:00.000001"
)

NUMBER = st.floats(allow_nan=False, allow_infinity=False).map(repr) | among("-0", "0", "1e-320")
POINTS = st.builds("({},{})".format, *([NUMBER | among("NaN", "Infinity")] * 2))
PLACES = st.builds("({},{})".format, NUMBER, NUMBER)


def shapes(opening: str, closing: str) -> Texts:
    places = st.lists(PLACES, min_size=1, max_size=4)
    return places.map(lambda found: f"{opening}{','.join(found)}{closing}")


CIRCLES = st.builds(
    "<{},{}>".format, PLACES, st.floats(0, allow_nan=False, allow_infinity=False).map(repr)
)

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text(6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text(4), inner, max_size=3),
    max_leaves=6,
)
JSON_TEXTS = st.builds(
    lambda value, indent, ascii_only: json.dumps(value, indent=indent, ensure_ascii=ascii_only),
    _JSON,
    st.sampled_from([None, 0, 2]),
    st.booleans(),
) | among(
    "null", "{}", "[[]]", '""', "1e400", "-0", "1.0", "1.00", '{"a":1,"a":2}', '{"b":1,"a":2}'
)

ADDRESSES = st.ip_addresses()


def network(address: Any, prefix: int) -> str:
    return str(
        ipaddress.ip_network((str(address), prefix % (address.max_prefixlen + 1)), strict=False)
    )


def interface(address: Any, prefix: int) -> str:
    return f"{str(address).partition('%')[0]}/{prefix % (address.max_prefixlen + 1)}"


def ranges(ends: st.SearchStrategy[Any], shown: Callable[[Any], str] = str) -> Texts:
    """Ranges with each kind of bound, endless and empty ones included."""

    def made(two: Sequence[Any], opening: str, closing: str, endless: int) -> str:
        lower, upper = (shown(one) for one in sorted(two))
        lower, upper = "" if endless & 1 else lower, "" if endless & 2 else upper
        return f"{opening}{lower},{upper}{closing}"

    two = st.lists(ends, min_size=2, max_size=2)
    whole = st.builds(made, two, among("[", "("), among("]", ")"), st.integers(0, 3))
    return whole | among("empty", "(,)")


def multiranges(some: Texts) -> Texts:
    return st.lists(some, max_size=3).map(braces)


SCALED = st.builds(
    lambda whole, scale: f"{whole}.{'0' * scale}", st.integers(-99, 99), st.integers(1, 4)
)


def _quoted(text: str | None, null: str) -> str:
    if text is None:
        return null
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rows(*fields: Texts) -> Texts:
    """Composite values, of which any field may be NULL."""
    return st.tuples(*(st.none() | field for field in fields)).map(
        lambda found: "(" + ",".join(_quoted(one, "") for one in found) + ")"
    )


def arrays(elements: Texts) -> Texts:
    """Arrays of one and two dimensions, with NULL, empty, and with bounds of their own."""
    element = (st.none() | elements).map(lambda text: _quoted(text, "NULL"))

    flat = st.lists(element, max_size=4).map(braces)
    bounded = st.builds("[{0}:{0}]={1}".format, st.integers(-3, 3), element.map("{{{}}}".format))
    deep = st.integers(1, 2).flatmap(
        lambda width: st.lists(
            st.lists(element, min_size=width, max_size=width).map(braces), min_size=1, max_size=2
        ).map(braces)
    )
    return flat | bounded | deep | st.just("{}")


PARTS = _rows(decimals(9, 5), text(3), text(5), floats(64))
MOODS = among("sad", "so so", "it's ok", "Ωmega", "")
LEXEMES = st.builds(
    "'{}':{}{}".format, WORDS, st.integers(1, 16383), among("", "A", "B", "C")
) | WORDS.map("'{}'".format)
NUMERICS = (
    decimals(24, 24)
    | decimals(3, 8)
    | among("NaN", "0", "0.00", "-0.0", "1.0", "1.00", "1e-40", "1e1000", "1e-1000")
)
