r"""What are the documents of a table in another database, each value written exactly?

As the driver gives them, so they are written:

* integers and `Decimal` digit by digit, floats by the shortest text that reads as the same float;
* text as text, and so what the driver gives as text, as SQLite does with its dates;
* dates and times in ISO 8601, with an offset only where they have one; lengths of time as
  `P1DT3.5S`, UUIDs in lower case;
* bytes as `\x…`, PostgreSQL's own spelling of bytea;
* lists and dictionaries, which drivers make of JSON columns, as JSON; text in a field that
  is named in `json = […]` as the JSON that it is.

NaN and the infinities have no spelling in JSON, and are refused.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from decimal import Decimal
from itertools import islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from gatepost.sources import faults, foreign
from gatepost.sources.chunk import Chunk
from gatepost.sources.judge import TOO_DEEP, Judge, Refused
from gatepost.sources.tally import Tally, TooDeep, Unclear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.sources.census import Census
    from gatepost.sources.collections import Collection

_ROWS = 2000
_BLANKS = str.maketrans("\t\r\n", "   ")
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_NAMES_TWICE = "a query's columns need names of their own: select a.id as a_id, …"


def chunks(collection: Collection, census: Census) -> Iterator[Chunk]:
    """Yield the rows as objects whose keys are the columns' names; fill ``census`` at the end.

    :raises SourceFault: a value that cannot be written, with its record and column.
    :raises CannotConnect: the database cannot be reached.
    """
    rules = collection.rules
    table = rules.table or ("" if rules.query else collection.name)
    rows = foreign.rows(collection.url, table=table, query=rules.query)
    names = tuple(next(rows))
    if len(set(names)) < len(names):
        raise faults.of(collection, f"has a column twice: {', '.join(names)}", hint=_NAMES_TWICE)
    writer = _Writer(collection, names)
    while documents := [writer.document(row) for row in islice(rows, _ROWS)]:
        yield Chunk(documents, 0)
    census.records = writer.records
    try:
        census.fields = writer.tally.fields()
    except Unclear as error:
        raise faults.unclear(collection, *error.args) from None


class _Writer:
    """Rows of one table, as JSON."""

    def __init__(self, collection: Collection, names: tuple[str, ...]) -> None:
        self.records = 0
        self.tally = Tally()
        self._collection = collection
        self._names = names
        self._judge = Judge(collection.rules)
        self._json = [name in collection.rules.json_fields for name in names]
        keys = [encode_basestring(name).replace("%", "%%") for name in names]
        self._form = f"{{{', '.join(f'{key}: %s' for key in keys)}}}"

    def document(self, row: Any) -> bytes:
        """Return a row as an object."""
        self.records += 1
        pairs = [self._written(at, value) for at, value in enumerate(row)]
        try:
            self.tally.add(dict(zip(self._names, [kind for _, kind in pairs], strict=True)))
        except TooDeep:
            raise faults.of(self._collection, TOO_DEEP.what, record=self.records) from None
        return (self._form % tuple([text for text, _ in pairs])).encode()

    def _written(self, at: int, value: Any) -> tuple[str, Any]:
        """Return a value as JSON, and a value of the same kind for the census."""
        try:
            if type(value) is str and self._json[at]:
                return self._document(value)
            text, kind = written(value)
            return self._judge.escapes(text), kind
        except Refused as refused:
            where = f"column '{self._names[at]}': {refused.what}"
            raise faults.of(
                self._collection, where, record=self.records, hint=refused.hint
            ) from None

    def _document(self, text: str) -> tuple[str, Any]:
        told = self._judge.escapes(text)
        return told.translate(_BLANKS), self._judge.whole(told)


def written(value: Any) -> tuple[str, Any]:
    """Return a driver's value as JSON, and a value of the same kind for the census.

    :raises Refused: JSON has no spelling for it.
    """
    return _FORMS.get(type(value), _unknown)(value)


def _unknown(value: Any) -> tuple[str, Any]:
    raise Refused(f"{type(value).__name__} has no spelling in JSON")


def _number(value: float | Decimal) -> tuple[str, Any]:
    if not Decimal(value).is_finite():
        raise Refused(f"{value} is no number in JSON")
    return str(value), 0


def _duration(value: dt.timedelta) -> tuple[str, Any]:
    seconds = value.seconds + Decimal(value.microseconds) / 1_000_000
    return f'"P{value.days}DT{seconds}S"', ""


def _text(value: str) -> tuple[str, Any]:
    return encode_basestring(_whole(value)), ""


def _json(value: Any) -> tuple[str, Any]:
    try:
        return _whole(json.dumps(value, ensure_ascii=False, allow_nan=False)), value
    except RecursionError:
        raise TOO_DEEP from None
    except (TypeError, ValueError) as error:
        raise Refused(str(error)) from None


def _whole(text: str) -> str:
    """Return a text all of which UTF-8 can say."""
    if not text.isascii() and _SURROGATE.search(text):
        raise Refused("half of a surrogate pair is in a text, without the other")
    return text


_FORMS: dict[type, Callable[[Any], tuple[str, Any]]] = {
    type(None): lambda _: ("null", None),
    bool: lambda value: ("true" if value else "false", value),
    int: lambda value: (str(value), 0),
    float: _number,
    Decimal: _number,
    str: _text,
    bytes: lambda value: (f'"\\\\x{value.hex()}"', ""),
    bytearray: lambda value: (f'"\\\\x{value.hex()}"', ""),
    memoryview: lambda value: (f'"\\\\x{value.hex()}"', ""),
    uuid.UUID: lambda value: (f'"{value}"', ""),
    dt.datetime: lambda value: (f'"{value.isoformat()}"', ""),
    dt.date: lambda value: (f'"{value.isoformat()}"', ""),
    dt.time: lambda value: (f'"{value.isoformat()}"', ""),
    dt.timedelta: _duration,
    list: _json,
    dict: _json,
}
