"""Which records does a CSV file hold?  An object per row, each value a string as it stands.

An empty field is an empty string: whether it means that, or nothing, is for the mapping to say.
"""

from __future__ import annotations

import csv
import io
import json.encoder
from collections import Counter
from typing import TYPE_CHECKING

from gatepost.sources import faults
from gatepost.sources.census import Field
from gatepost.sources.chunk import Chunk
from gatepost.sources.window import LARGEST, opened
from gatepost.wording import counted

if TYPE_CHECKING:
    import _csv
    from collections.abc import Iterator

    from gatepost.errors import SourceFault
    from gatepost.sources.census import Census
    from gatepost.sources.collections import Collection
    from gatepost.sources.window import Window

_ROWS = 2000
# What else people separate fields with, for the hint alone.
_DELIMITERS = ";\t|"
_EMPTY = 'write "" where the field is empty, and no line where there is no record'


def chunks(collection: Collection, census: Census) -> Iterator[Chunk]:
    """Yield the rows as objects whose keys are the header's names; fill ``census`` at the end.

    :raises SourceFault: a row with another number of fields than the header, a name that stands
        there twice, a quote that does not end; with the line that the row begins on.
    """
    # The library's limit is one for the process, and rather low: it is raised, never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST))
    with opened(collection) as window:
        table = _Table(collection, csv.reader(_lines(collection, window), strict=True))
        while documents := table.documents():
            yield Chunk(documents, window.offset)
        census.bytes_read, census.sha256 = window.close()
    census.records = table.records
    kinds = ("string",) if table.records else ()
    census.fields = {name: Field(table.records, 0, kinds) for name in sorted(set(table.names))}


def header(collection: Collection) -> tuple[str, ...]:
    """Return the names in the header.

    :raises SourceFault: there is none, or it cannot be read.
    """
    with opened(collection) as window:
        rows = csv.reader(_lines(collection, window), strict=True)
        return tuple(_Table(collection, rows).names)


class _Table:
    """The rows behind a header."""

    def __init__(self, collection: Collection, rows: _csv.Reader) -> None:
        self.records = 0
        self._collection = collection
        self._rows = rows
        self._line = 1
        self.names: list[str] = []
        self.names = self._row() or []
        self._check_header()
        keys = [json.encoder.encode_basestring(name).replace("%", "%%") for name in self.names]
        self._form = f"{{{', '.join(f'{key}: %s' for key in keys)}}}"

    def documents(self) -> list[bytes]:
        """Return the next rows as JSON; none at the end of the file."""
        found: list[bytes] = []
        written, form, width = json.encoder.encode_basestring, self._form, len(self.names)
        while len(found) < _ROWS and (row := self._row()) is not None:
            if len(row) != width:
                raise self._fault(f"{counted(len(row), 'field')}, the header has {width:,}", 1)
            found.append((form % tuple(map(written, row))).encode())
            self.records += 1
        return found

    def _row(self) -> list[str] | None:
        """Return the next row that is no empty line; None at the end of the file.

        Where there is but one field, an empty line may be a row whose field is empty.
        """
        self._line = self._rows.line_num + 1
        try:
            for row in self._rows:
                if row:
                    return row
                if len(self.names) == 1:
                    raise self._fault("an empty line, which may be a record", 1, hint=_EMPTY)
                self._line = self._rows.line_num + 1
        except csv.Error as error:
            cut_off = "unexpected end of data" in str(error)
            what = "the file ends within quotes" if cut_off else str(error)
            raise self._fault(what, 1, hint=faults.CUT_OFF if cut_off else "") from None
        return None

    def _check_header(self) -> None:
        if not self.names:
            raise self._fault("there is no header")
        if self._collection.rules.duplicates == "refuse":
            for name, times in Counter(self.names).items():
                if times > 1:
                    raise self._fault(
                        f"the header has '{name}' {times} times",
                        hint='duplicates = "last" takes the last one',
                    )
        other = max(_DELIMITERS, key=self.names[0].count)
        if len(self.names) == 1 and other in self.names[0]:
            raise self._fault(
                f"the header is one field: {self.names[0]}",
                hint=f"fields are separated by commas here, not by {other!r}",
            )

    def _fault(self, what: str, ahead: int = 0, *, hint: str = "") -> SourceFault:
        record = self.records + ahead if ahead else 0
        return faults.on_line(self._collection, self._line, what, record=record, hint=hint)


def _lines(collection: Collection, window: Window) -> Iterator[str]:
    """Yield the lines of the file with their ends, a quoted line feed's among them."""
    number = 0
    while window.held or window.more():
        window.fill()
        end = len(window.held) if window.ended else window.held.rfind(b"\n") + 1
        if not end:
            window.more()
            continue
        try:
            text = window.held[:end].decode()
        except UnicodeDecodeError as error:
            raise faults.not_utf8(collection, window.offset, error) from None
        if "\0" in text:
            text = _without_nul(collection, text, number)
        window.drop(end)
        # Unlike `splitlines`, this knows no other end of a line.
        for line in io.StringIO(text, newline="\n"):
            number += 1
            yield line


def _without_nul(collection: Collection, text: str, before: int) -> str:
    if collection.rules.nul == "remove":
        return text.replace("\0", "")
    line = before + 1 + text.count("\n", 0, text.index("\0"))
    what = "a text holds U+0000, which PostgreSQL cannot"
    raise faults.on_line(collection, line, what, hint='nul = "remove" takes it out')
