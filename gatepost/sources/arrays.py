"""Which records does a JSON file hold: an array, bare or under a key at its top?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gatepost.sources import faults, judge, quick
from gatepost.sources.batch import Batch
from gatepost.sources.judge import Incomplete, Judge, Refused
from gatepost.sources.tally import KINDS
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.errors import SourceFault
    from gatepost.sources.collections import Collection
    from gatepost.sources.window import Window

_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_SEPARATOR = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
# How a record begins: its brace, its first key, the colon.
_HEAD = re.compile(rb'\{[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:')
# So often is the end of a run of records guessed before the judge looks for the ends.
_GUESSES = 4


class Array:
    """A reader of one file.

    :ivar beside: the kinds of values that the file has beside its array, by key: only what was
        waived, or is read as a collection of its own.
    """

    def __init__(self, collection: Collection, window: Window) -> None:
        self.beside: dict[str, str] = {}
        self._collection = collection
        self._window = window
        self._judge = Judge(collection.rules)
        # What lies between two records, with how the second one begins.
        self._between = b""
        self._records = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the records in the order of the file, which is read to its end."""
        begins = self._next("the file holds nothing but white space")
        if begins == b"[":
            self._bare()
            self._window.drop(1)
            yield from self._elements()
        elif begins == b"{":
            yield from self._members()
        else:
            raise self._fault("the file holds neither an array nor an object")
        if self._peek():
            raise self._fault("there is more behind the end of the JSON")

    def _bare(self) -> None:
        if top := self._collection.rules.top:
            raise self._fault(f"the file is an array, and has no key '{top}'", hint='top = ""')

    def _members(self) -> Iterator[Batch]:
        """Yield the records of the array under the key; walk over what is declared beside it."""
        rules = self._collection.rules
        if rules.top == "":
            raise self._fault("the file is an object, not an array", hint='top = "KEY"')
        top = self._collection.name if rules.top is None else rules.top
        start, seen = self._window.offset, list[str]()
        self._window.drop(1)
        more = self._next() != b"}"
        while more:
            key = self._key(seen)
            if key == top and self._peek() == b"[":
                self._window.drop(1)
                yield from self._elements()
            elif key == top:
                value = judge.kind(self._value())
                raise self._fault(f"'{top}' is {value}, not an array")
            else:
                self._skip(key)
            more = self._goes_on(b"}")
        self._window.drop(1)
        self._complete(top, seen, start)

    def _complete(self, top: str, seen: list[str], start: int) -> None:
        """Refuse a file without the key, and one with keys that nobody would read."""
        if top not in seen:
            has = ", ".join(f"'{key}'" for key in seen) or "no key at all"
            raise faults.at(
                self._collection,
                start,
                f"no key '{top}' at the top: it has {has}",
                hint=meant(top, seen) or (f'top = "{seen[0]}", if that is meant' if seen else ""),
            )
        known = {top, *self._collection.siblings}
        for key in seen:
            if key not in known and f"$.{key}" not in self._collection.rules.waive:
                raise faults.at(
                    self._collection,
                    start,
                    f"beside '{top}' there is '{key}' at the top, which nobody would read",
                    hint=f'declare a collection with top = "{key}", or waive "$.{key}"',
                )

    def _key(self, seen: list[str]) -> str:
        """Return the next key, once its colon was passed."""
        if self._next() != b'"':
            raise self._fault("expecting a key in double quotes")
        at = self._window.offset
        key = str(self._value())
        if self._next() != b":":
            raise self._fault(f"expecting ':' behind the key '{key}'")
        if key in seen:
            raise faults.at(self._collection, at, f"key '{key}' stands twice at the top")
        self._window.drop(1)
        self._next()
        seen.append(key)
        return key

    def _skip(self, key: str) -> None:
        """Walk over a value that is not the collection's; an array may be of any size."""
        if self._next() != b"[":
            self.beside[key] = KINDS[type(self._value())]
            return
        self.beside[key] = KINDS[list]
        between, self._between = self._between, b""
        records = self._records
        self._window.drop(1)
        for _ in self._elements():
            pass
        self._between, self._records = between, records

    def _elements(self) -> Iterator[Batch]:
        """Yield the elements of the array whose bracket was passed, and pass the other one."""
        more = self._next() != b"]"
        while more:
            self._window.fill()
            batch = self._quick() or self._judged()
            self._window.drop(len(batch.region))
            yield batch
            self._records += len(batch.pieces)
            more = self._goes_on(b"]")
        self._window.drop(1)

    def _goes_on(self, bracket: bytes) -> bool:
        """Whether a comma follows, and not the bracket that ends it all."""
        found = self._next()
        if found == bracket:
            return False
        if found != b",":
            raise self._fault(f"expecting ',' or '{bracket.decode()}'")
        self._window.drop(1)
        self._next()
        return True

    def _quick(self) -> Batch | None:
        """Return what lies before the last place that looks like the end of a record."""
        held, between = self._window.held, self._between
        cut = len(held) if between else -1
        for _ in range(_GUESSES):
            cut = held.rfind(between, 0, cut) if cut > 0 else -1
            if cut > 0 and (pieces := quick.pieces(held[: cut + 1])):
                return Batch(held[: cut + 1], self._window.offset, pieces)
        return None

    def _judged(self) -> Batch:
        """Return what the judge finds in the window: one record at least."""
        while True:
            text, broken = self._text()
            found = list(self._found(text, ended=self._window.ended and not broken))
            if found:
                break
            if broken:
                raise self._not_utf8(broken, self._records + 1)
            self._window.more()
        pieces = [text[start:end].encode() for start, end, _ in found]
        region = text[: found[-1][1]].encode()
        batch = Batch(region, self._window.offset, pieces, [value for _, _, value in found])
        self._between = _between(batch) if quick.AVAILABLE else b""
        return batch

    def _found(self, text: str, *, ended: bool) -> Iterator[tuple[int, int, Any]]:
        """Yield where each element of ``text`` begins and ends, and what it is."""
        start, number = 0, 0
        while start < len(text):
            try:
                value, end = self._judge.value(text, start)
            except Refused as refused:
                if isinstance(refused, Incomplete) and (number or not ended):
                    return  # those before are handed on first, or more of the file is read
                raise self._refused(refused, text, number) from None
            if end == len(text) and not ended and not isinstance(value, (dict, list)):
                return  # a number may go on
            yield start, end, value
            number += 1
            separator = _SEPARATOR.match(text, end)
            start = separator.end() if separator else len(text)

    def _value(self) -> Any:
        """Return the value that the window begins with, and drop it."""
        while True:
            text, broken = self._text()
            try:
                value, end = self._judge.value(text, 0)
            except Refused as refused:
                if isinstance(refused, Incomplete) and broken:
                    raise self._not_utf8(broken, 0) from None
                if isinstance(refused, Incomplete) and self._window.more():
                    continue
                raise self._refused(refused, text, None) from None
            if end < len(text) or broken or not self._window.more():
                self._window.drop(len(text[:end].encode()))
                return value

    def _text(self) -> tuple[str, UnicodeDecodeError | None]:
        """Return what the window holds, up to where it is no UTF-8, and what is wrong there.

        Nothing is wrong with a character that the window ends within.
        """
        held = self._window.held
        try:
            return held.decode(), None
        except UnicodeDecodeError as error:
            split = error.reason == "unexpected end of data" and not self._window.ended
            return held[: error.start].decode(), None if split else error

    def _not_utf8(self, error: UnicodeDecodeError, record: int) -> SourceFault:
        return faults.not_utf8(self._collection, self._window.offset, error, record=record)

    def _next(self, otherwise: str = "") -> bytes:
        """Return the next byte that is no white space, not dropping it."""
        found = self._peek()
        if not found:
            what = otherwise or "the file ends before its JSON does"
            raise self._fault(what, hint="" if otherwise else faults.CUT_OFF)
        return found

    def _peek(self) -> bytes:
        """Return the same, b"" at the end of the file."""
        while True:
            found = _NOT_BLANK.search(self._window.held)
            self._window.drop(found.start() if found else len(self._window.held))
            if found or not self._window.more():
                return self._window.held[:1]

    def _fault(self, what: str, *, hint: str = "") -> SourceFault:
        return faults.at(self._collection, self._window.offset, what, hint=hint)

    def _refused(self, refused: Refused, text: str, number: int | None) -> SourceFault:
        """Return the fault in ``text``, which the window begins with; in no record if None."""
        record = 0 if number is None else self._records + number + 1
        return faults.refused(
            self._collection,
            self._window.offset,
            text,
            refused,
            record=record,
            ended=self._window.ended,
        )


def _between(batch: Batch) -> bytes:
    """Return how the last record of a batch is separated from the one before, and begins."""
    head = _HEAD.match(batch.pieces[-1])
    if len(batch.pieces) == 1 or head is None:
        return b""
    end = len(batch.region) - len(batch.pieces[-1])
    begin = batch.region.rindex(b"}", 0, end)
    return batch.region[begin:end] + head[0]
