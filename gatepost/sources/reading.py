"""What do the records of a JSON file become: lines for PostgreSQL, and numbers in the census?"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from gatepost.sources import faults, quick
from gatepost.sources.alike import Layout
from gatepost.sources.judge import TOO_DEEP, Judge, Refused
from gatepost.sources.tally import Tally, TooDeep, Unclear

if TYPE_CHECKING:
    from typing import Any

    from gatepost.errors import SourceFault
    from gatepost.sources.batch import Batch
    from gatepost.sources.census import Field
    from gatepost.sources.collections import Collection

_BLANKS = bytes.maketrans(b"\t\r\n", b"   ")


class Reading:
    """One collection, while it is read.

    :ivar records: how many there were until now.
    """

    def __init__(self, collection: Collection) -> None:
        self.records = 0
        self._collection = collection
        self._judge = Judge(collection.rules)
        self._tally = Tally()
        self._layout = Layout()

    def fields(self) -> dict[str, Field]:
        """Return every path that was seen, and what was seen there.

        :raises SourceFault: two places have one path.
        """
        try:
            return self._tally.fields()
        except Unclear as error:
            raise faults.unclear(self._collection, *error.args) from None

    def documents(self, batch: Batch) -> list[bytes]:
        """Count the records of a batch; return each as PostgreSQL shall read it.

        :raises SourceFault: the first that is damaged.
        """
        self._check_utf8(batch)
        if batch.values is None and quick.AVAILABLE:
            told = self._quickly(batch)
        else:
            told = [self._surely(batch, number) for number in range(len(batch.pieces))]
        self.records += len(told)
        return _flat(told)

    def _quickly(self, batch: Batch) -> list[bytes]:
        """Return the records; the judge sees only what is doubtful."""
        doubtful = quick.doubtful(batch.region)
        if not doubtful and self._alike(batch):
            return batch.pieces
        told, read, add = batch.pieces, quick.read, self._tally.add
        seen: list[dict[str, Any]] = []
        for number, piece in enumerate(told):
            document = None if doubtful and quick.doubtful(piece) else read(piece)
            if document is None:
                told[number] = self._surely(batch, number)
                continue
            seen.append(document)
            try:
                keys = add(document)
            except TooDeep:
                raise self._fault(batch, number, TOO_DEEP) from None
            if keys != quick.keys(piece):
                told[number] = self._surely(batch, number, counted=True)
        self._layout.learn(seen)
        return told

    def _alike(self, batch: Batch) -> bool:
        """Whether all records look like those before them; they are counted then."""
        try:
            keys = self._layout.count(batch.pieces, self._tally)
        except TooDeep:
            raise self._too_deep(batch) from None
        if keys is None:
            return False
        if keys != quick.keys(batch.region):
            self._layout.failed()
            for number in range(len(batch.pieces)):
                self._surely(batch, number, counted=True)
        return True

    def _too_deep(self, batch: Batch) -> SourceFault:
        """Return the fault of the first record that nests too deep."""
        for number, piece in enumerate(batch.pieces):
            try:
                Tally().add(quick.read(piece) or {})
            except TooDeep:
                return self._fault(batch, number, TOO_DEEP)
        return self._fault(batch, 0, TOO_DEEP)

    def _surely(self, batch: Batch, number: int, *, counted: bool = False) -> bytes:
        """Return one record as the judge lets it pass."""
        text = batch.pieces[number].decode()
        try:
            document, told = self._judged(batch, number, text)
            if not counted:
                self._tally.add(document)
        except Refused as refused:
            raise self._fault(batch, number, refused) from None
        except TooDeep:
            raise self._fault(batch, number, TOO_DEEP) from None
        return batch.pieces[number] if told is text else told.encode()

    def _judged(self, batch: Batch, number: int, text: str) -> tuple[dict[str, Any], str]:
        told = self._judge.escapes(text)
        if batch.values is None or told is not text:
            return self._judge.document(told), told
        return self._judge.an_object(batch.values[number]), told

    def _check_utf8(self, batch: Batch) -> None:
        try:
            batch.region.decode()
        except UnicodeDecodeError as error:
            number = max(bisect_right(batch.starts(), batch.offset + error.start) - 1, 0)
            record = self.records + number + 1
            raise faults.not_utf8(self._collection, batch.offset, error, record=record) from None

    def _fault(self, batch: Batch, number: int, refused: Refused) -> SourceFault:
        offset, piece = batch.starts()[number], batch.pieces[number]
        last = offset + len(piece) == batch.offset + len(batch.region)
        return faults.refused(
            self._collection,
            offset,
            piece.decode(),
            refused,
            record=self.records + number + 1,
            ended=last,
        )


def _flat(pieces: list[bytes]) -> list[bytes]:
    """Return the pieces with blanks for all other white space; there is none within a text."""
    joined = b"".join(pieces)
    if any(space in joined for space in (b"\n", b"\t", b"\r")):
        return [piece.translate(_BLANKS) for piece in pieces]
    return pieces
