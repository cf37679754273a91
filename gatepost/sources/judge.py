"""Is this text a JSON document that PostgreSQL keeps as it is, and if not, where does it fail?

The judge is Python's own `json`, with every number left as text: no value passes through a float.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gatepost.sources.tally import DEPTH

if TYPE_CHECKING:
    from gatepost.origin import SourceCollection

# What numeric holds before and behind its decimal point (datatype-numeric in the manual).
_WHOLE_DIGITS = 131072
_FRACTION_DIGITS = 16383
# A number as short as this, without an exponent, needs no counting.
_SHORT = 1000

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_CLOSING = re.compile(r"[\]},]")
_NUL = "0000"
_BLANKS = " \t\r\n"
_WORD = 16
_TOO_LONG = "has more digits than PostgreSQL's numeric"


class Refused(Exception):
    """What is wrong, and at which character of the text it was found."""

    def __init__(self, what: str, index: int = 0, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.index = index
        self.hint = hint


class Incomplete(Refused):
    """The text ends before its value does, or may do so: more of it might mend it.

    :ivar cut_off: if there is no more: whether this is what is wrong with it.
    """

    def __init__(self, what: str, index: int, *, cut_off: bool) -> None:
        super().__init__(what, index)
        self.cut_off = cut_off


TOO_DEEP = Refused(f"nests deeper than {DEPTH} levels")


class BadNumber(Exception):
    """A number that cannot be kept: how it begins, and what is wrong with it."""


class _Twice(Exception):
    """A key that stands twice in an object."""


class Judge:
    """A reader of documents under the rules that were declared of them."""

    def __init__(self, rules: SourceCollection) -> None:
        self._rules = rules
        decoder = json.JSONDecoder(
            parse_int=_whole,
            parse_float=fraction,
            parse_constant=_constant,
            object_pairs_hook=_once if rules.duplicates == "refuse" else None,
        )
        self._read = decoder.raw_decode

    def value(self, text: str, start: int) -> tuple[Any, int]:
        """Return the value that begins at ``start``, numbers as 0, and where it ends.

        :raises Incomplete: the text may be too short for it.
        :raises Refused: it is no JSON, or none that PostgreSQL can hold.
        """
        try:
            return self._read(text, start)
        except json.JSONDecodeError as error:
            raise _unreadable(error.msg, text, error.pos) from None
        except RecursionError:
            raise TOO_DEEP from None
        except _Twice as error:
            key = str(error)
            raise Refused(
                f"key {json.dumps(key, ensure_ascii=False)} stands twice in one object",
                _second(text, start, key),
                'duplicates = "last" takes the last one',
            ) from None
        except BadNumber as error:
            token, what = error.args
            raise Refused(f"{token} {what}", _token(text, start, token)) from None

    def document(self, text: str) -> dict[str, Any]:
        """Return the one object that ``text`` is.

        :raises Refused: it is no such object.
        """
        return self.an_object(self.whole(text))

    def whole(self, text: str) -> Any:
        """Return the one value that ``text`` is.

        :raises Refused: it is none, or more than one.
        """
        value, end = self.value(text, len(text) - len(text.lstrip(_BLANKS)))
        if text[end:].strip(_BLANKS):
            raise Refused("there is more behind the end of it", end)
        return value

    def an_object(self, value: Any) -> dict[str, Any]:
        """Return a value that was read as a record.

        :raises Refused: it is no object.
        """
        if isinstance(value, dict):
            return value
        raise Refused(f"this is {kind(value)}, not an object")

    def escapes(self, text: str) -> str:
        """Return ``text`` without the characters that are declared to be removed.

        :raises Refused: U+0000, or half of a surrogate pair, which no UTF-8 can say.
        """
        if "\\u" not in text:
            return text
        kept: list[str] = []
        begun, high = 0, -1
        for found in _ESCAPE.finditer(text):
            code = found[1]
            if code == _NUL and self._rules.nul == "refuse":
                raise Refused(
                    "a text holds U+0000, which PostgreSQL cannot",
                    found.start(),
                    'nul = "remove" takes it out',
                )
            if code == _NUL:
                kept.append(text[begun : found.start()])
                begun = found.end()
            high = _paired(text, found, high)
        if high >= 0:
            raise _lone(text, high)
        return "".join([*kept, text[begun:]])


def kind(value: object) -> str:
    """Return what a value is, with its article, as people say it."""
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return names.get(type(value), "a number")


def _paired(text: str, found: re.Match[str], high: int) -> int:
    """Return where a high surrogate waits for its low one behind this escape, -1 for nowhere."""
    code = int(found[1], 16) if found[1] else 0
    is_low = 0xDC00 <= code <= 0xDFFF  # noqa: PLR2004 - Unicode's
    if high >= 0 and not (is_low and high + 6 == found.start()):
        raise _lone(text, high)
    if is_low and high < 0:
        raise _lone(text, found.start())
    return found.start() if 0xD800 <= code <= 0xDBFF else -1  # noqa: PLR2004 - Unicode's


def _lone(text: str, index: int) -> Refused:
    return Refused(
        f"{text[index : index + 6]} is half of a surrogate pair, without the other", index
    )


def _unreadable(message: str, text: str, index: int) -> Refused:
    what = message[0].lower() + message[1:].removesuffix(" at").rstrip(": ")
    unterminated = what.startswith("unterminated")
    # What an unfinished text may end with: an escape, a word, a number; or a string from anywhere.
    if index < len(text) - _WORD and not unterminated:
        return Refused(what, index)
    cut_off = unterminated or not _CLOSING.search(text, index)
    return Incomplete(what, index, cut_off=cut_off)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return found


def _whole(text: str) -> int:
    if len(text) > _WHOLE_DIGITS:
        raise BadNumber(f"{text[:20]}…", _TOO_LONG)
    return 0


def fraction(text: str) -> float:
    """Return 0 for a number with a point or an exponent that numeric holds.

    :raises BadNumber: it does not.
    """
    if len(text) < _SHORT and "e" not in text and "E" not in text:
        return 0.0
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if number.adjusted() >= _WHOLE_DIGITS or -int(exponent) > _FRACTION_DIGITS:
        raise BadNumber(text if len(text) < _SHORT else f"{text[:20]}…", _TOO_LONG)
    return 0.0


def _constant(text: str) -> Any:
    raise BadNumber(text, "is no number in JSON")


def _token(text: str, start: int, wanted: str) -> int:
    """Return where the first token begins that begins with ``wanted``."""
    head = wanted.removesuffix("…")
    tokens = _TOKEN.finditer(text, start)
    return next((found.start() for found in tokens if found[0].startswith(head)), start)


def _second(text: str, start: int, key: str) -> int:
    """Return where ``key`` begins for the second time in an object."""
    open_objects: list[set[str] | None] = []
    tokens = list(_TOKEN.finditer(text, start))
    for found, following in pairwise(tokens):
        if found[0] in "{[":
            open_objects.append(set() if found[0] == "{" else None)
        elif found[0] in "}]":
            open_objects.pop()
        elif following[0] == ":" and found[0].startswith('"') and json.loads(found[0]) == key:
            seen = open_objects[-1] if open_objects else None
            if seen is not None and key in seen:
                return found.start()
            if seen is not None:
                seen.add(key)
    return start
