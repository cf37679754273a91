"""Which known rewriting makes one text of another?

Each is a function from text to text with two names: one for values that it was done to, one for
values that it was undone in.  The order matters: of two that explain a difference, the first is the
more particular.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from gatepost.parity.kinds.values import Difference

if TYPE_CHECKING:
    from gatepost.parity.kinds.values import Pair

Rewrite = Callable[[str], str | None]

_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
# Joiners, marks of direction, soft hyphens, and the selectors of an emoji's form.
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
_PUNCTUATION = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
    }
)


@dataclass(frozen=True)
class Rewriting:
    """A function, and what is said of values that it was done to, or undone in."""

    done: str
    undone: str
    function: Rewrite


def rewritten(pair: Pair) -> Difference | None:
    """Return which rewriting explains the difference, in either direction."""
    ascii_only = pair.was.isascii() and pair.now.isascii()
    for one in _OF_ASCII if ascii_only else _ALL:
        if pair.becomes(one.function):
            return Difference(one.done, pair.place)
        if pair.reverse.becomes(one.function):
            return Difference(one.undone, pair.place)
    return None


def _misread(name: str, written: str, read: str, times: int = 1) -> Rewriting:
    """Return the rewriting of bytes ``written`` under one encoding and ``read`` under another."""

    def function(text: str) -> str | None:
        for _ in range(times):
            try:
                text = text.encode(written).decode("latin-1").translate(_table(read))
            except UnicodeEncodeError:
                return None
        return text

    return Rewriting(f"mojibake ({name})", f"mojibake repaired ({name})", function)


@cache
def _table(encoding: str) -> dict[int, str]:
    """Return the characters of a single-byte encoding; a byte that has none stands for itself."""
    return {byte: bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in range(256)}


def _normal(form: str) -> Rewrite:
    return lambda text: unicodedata.normalize(form, text)  # type: ignore[arg-type]  # the table's


def _replacing(old: str, new: str) -> Rewrite:
    return lambda text: text.replace(old, new)


def _swapping(name_of_old: str, name_of_new: str, old: str, new: str) -> Rewriting:
    """Return the rewriting of every ``old`` into ``new``."""
    return Rewriting(
        f"{name_of_old} became {name_of_new}",
        f"{name_of_new} became {name_of_old}",
        _replacing(old, new),
    )


def _dropping(what: str, function: Rewrite) -> Rewriting:
    return Rewriting(f"{what} lost", f"{what} new", function)


def _without(characters: str) -> Rewrite:
    """Return what leaves out some characters, given as a regular expression's class."""
    unwanted = re.compile(characters)
    return lambda text: unwanted.sub("", text)


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)


def _escaped(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")


def _collapsed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


_MOJIBAKE = (
    _misread("UTF-8 read as Latin-1", "utf-8", "latin-1"),
    _misread("UTF-8 read as Windows-1252", "utf-8", "cp1252"),
    _misread("UTF-8 read as Latin-1, twice", "utf-8", "latin-1", times=2),
    _misread("UTF-8 read as Windows-1252, twice", "utf-8", "cp1252", times=2),
    _misread("UTF-8 read as Windows-1251", "utf-8", "cp1251"),
    _misread("UTF-8 read as code page 437", "utf-8", "cp437"),
    _misread("UTF-8 read as code page 850", "utf-8", "cp850"),
    _misread("UTF-8 read as Mac Roman", "utf-8", "mac_roman"),
    _misread("Windows-1251 read as Latin-1", "cp1251", "latin-1"),
    _misread("KOI8-R read as Windows-1251", "koi8-r", "cp1251"),
)

_CHARACTERS = (
    Rewriting("Unicode form became NFC", "Unicode form became NFD", _normal("NFC")),
    Rewriting("Unicode form became NFD", "Unicode form became NFC", _normal("NFD")),
    _dropping("byte order mark", lambda text: text.removeprefix("\ufeff")),
    _dropping("zero-width characters", _without(_INVISIBLE)),
    _swapping("no-break space", "a blank", "\u00a0", " "),
    Rewriting(
        "typographic punctuation became plain",
        "plain punctuation became typographic",
        lambda text: text.translate(_PUNCTUATION),
    ),
    Rewriting("compatibility characters replaced", "plain characters replaced", _normal("NFKC")),
    Rewriting("accents stripped", "accents new", _unaccented),
    _dropping("characters beyond U+FFFF", _without("[^\x00-\uffff]")),
    _dropping("non-ASCII characters", _without("[^\x00-\x7f]")),
)

_LINES = (
    _dropping("control characters", _without(_CONTROL)),
    _swapping("CRLF", "LF", "\r\n", "\n"),
    _swapping("newline", "\\n", "\n", "\\n"),
    _swapping("newline", "\\\\n", "\n", "\\\\n"),
    _swapping("tab", "\\t", "\t", "\\t"),
    Rewriting("newlines and tabs escaped", "\\n and \\t became newlines and tabs", _escaped),
    _swapping("newline", "<br>", "\n", "<br>"),
    _swapping("newline", "a blank", "\n", " "),
    _swapping("newline", "CR", "\n", "\r"),
    _dropping("newlines", _without("[\r\n]")),
    _swapping("tab", "a blank", "\t", " "),
    _swapping("tab", "4 blanks", "\t", "    "),
    _swapping("tab", "8 blanks", "\t", "        "),
    _dropping("tabs", _replacing("\t", "")),
    Rewriting("white space collapsed", "white space expanded", _collapsed),
    Rewriting(
        "white space collapsed and trimmed",
        "white space expanded",
        lambda text: _collapsed(text).strip(),
    ),
)

_QUOTING = (
    Rewriting("backslashes doubled", "doubled backslashes halved", _replacing("\\", "\\\\")),
    Rewriting("single quotes doubled", "doubled single quotes halved", _replacing("'", "''")),
    Rewriting("double quotes doubled", "doubled double quotes halved", _replacing('"', '""')),
    Rewriting(
        "quotes escaped by backslashes",
        "backslashes before quotes lost",
        lambda text: re.sub(r"(['\"])", r"\\\1", text),
    ),
    Rewriting(
        "single quotes escaped by backslashes",
        "backslashes before quotes lost",
        lambda text: text.replace("'", "\\'"),
    ),
    Rewriting("wrapped in double quotes", "surrounding double quotes lost", lambda t: f'"{t}"'),
    Rewriting("wrapped in single quotes", "surrounding single quotes lost", lambda t: f"'{t}'"),
    Rewriting("wrapped in b''", "surrounding b'' lost", lambda t: f"b'{t}'"),
    Rewriting("HTML entities resolved", "HTML-escaped", html.unescape),
    Rewriting(
        "HTML entities resolved, twice",
        "HTML-escaped twice",
        lambda text: html.unescape(html.unescape(text)),
    ),
    Rewriting("percent-encoding resolved", "percent-encoded", unquote),
    Rewriting("form encoding resolved", "form-encoded", unquote_plus),
    Rewriting("escaped as JSON", "JSON escapes resolved", lambda t: json.dumps(t)[1:-1]),
    Rewriting("quoted as JSON", "JSON quoting resolved", json.dumps),
    Rewriting("base64", "base64 resolved", lambda t: base64.b64encode(t.encode()).decode()),
    Rewriting("hex of its bytes", "hex resolved", lambda t: t.encode().hex()),
    Rewriting(
        "\\x and hex of its bytes", "\\x and hex resolved", lambda t: f"\\x{t.encode().hex()}"
    ),
)

_MARKS = (
    _dropping("backslashes", _replacing("\\", "")),
    _dropping("double quotes", _replacing('"', "")),
    _dropping("single quotes", _replacing("'", "")),
    _dropping("leading slash", lambda text: text.removeprefix("/")),
    _swapping("http", "https", "http://", "https://"),
    _swapping("backslash", "slash", "\\", "/"),
    _dropping("dashes", _replacing("-", "")),
    _dropping("commas", _replacing(",", "")),
    _swapping("decimal point", "comma", ".", ","),
    _dropping("blanks", _replacing(" ", "")),
)

_OF_ASCII = (*_LINES, *_QUOTING, *_MARKS)
_ALL = (*_MOJIBAKE, *_CHARACTERS, *_OF_ASCII)
