"""What happened to the documents of a collection, said by cause and not by document?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatepost.exporting.subject import Known
from gatepost.parity.kinds import Difference, documents
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.exporting.documents import Document
    from gatepost.exporting.pairing import Met

_EXAMPLES = 3
_NAMED = 8
# More different damage than this is one: everything.
_CAUSES = 500
_LOST, _NEW = "key lost", "key new"


@dataclass
class Some:
    """How many, and the first of them by key."""

    count: int = 0
    keys: list[str] = field(default_factory=list)

    def add(self, key: str | None, most: int) -> None:
        """Take one more."""
        self.count += 1
        if key is not None and len(self.keys) < most:
            self.keys.append(key)


@dataclass
class Tally:
    """What was seen of a collection's documents, as they come.

    :param known: by what a document is known, so that it can be named.
    :param looked_at: how many were compared one by one, where that was not done with all.
    :param masked: keys are not shown.
    """

    collection: str
    was: int
    now: int
    known: Known
    masked: bool = False
    looked_at: int | None = None
    gone: Some = field(default_factory=Some)
    new: Some = field(default_factory=Some)
    changed: int = 0
    equal: int = 0
    no_document: int = 0
    untold: int = 0
    causes: dict[Difference, Some] = field(default_factory=dict)
    # Where nothing says which document became which: in how many a key is, by side.
    keys: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))

    def take(self, met: Met) -> None:
        """Take what became of the documents of one key."""
        self.equal += met.equal
        for document in met.gone:
            self.gone.add(self._key(document), _NAMED)
        for document in met.new:
            if document.text is None:
                self.no_document += 1
            else:
                self.new.add(self._key(document), _NAMED)
        self.gone.count += met.uncounted[0]
        self.new.count += met.uncounted[1]
        for one in met.changed:
            self.changed += 1
            for difference in one.differences:
                self._cause(difference, self._key(one.was))
        if self.known == "content":
            for counts, some in zip(self.keys, (met.gone, met.new), strict=True):
                _count(counts, some)

    def _key(self, document: Document) -> str | None:
        return None if self.masked else document.key

    def _cause(self, difference: Difference, key: str | None) -> None:
        if difference not in self.causes and len(self.causes) >= _CAUSES:
            self.untold += 1
            return
        self.causes.setdefault(difference, Some()).add(key, _EXAMPLES)

    @property
    def alike(self) -> bool:
        """Whether every document is there, with all that is in it, and none beside."""
        return not (self.gone.count or self.new.count or self.changed or self.no_document)

    @property
    def findings(self) -> tuple[str, ...]:
        """What is wrong, culprits named; nothing if nothing is."""
        return () if self.alike else tuple(f"{self.collection}: {one}" for one in self._found())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is true and worth knowing, and no finding."""
        if not self.equal:
            return ()
        said = f"{counted(self.equal, 'record')} equal in value, numbers written another way"
        return (f"{self.collection}: {said}",)

    def _found(self) -> Iterator[str]:
        yield self._numbers()
        if self.no_document:
            yield f"the query yields NULL for {counted(self.no_document, 'document')}"
        for words, some in (("gone", self.gone), ("new", self.new)):
            if some.count:
                yield f"{counted(some.count, 'record')} {words}{self._named(some, _NAMED)}"
        for difference, some in sorted(self.causes.items(), key=_most_first):
            share = self._share(some.count, self.was)
            yield f"{_told(difference)}{share}{self._named(some, _EXAMPLES)}"
        if self.untold:
            yield f"{counted(self.untold, 'difference')} more, of other kinds"
        yield from self._of_keys()

    def _numbers(self) -> str:
        said = f"{counted(self.was, 'record')} before, {self.now:,} after"
        if self.was == self.now:
            said = f"{counted(self.was, 'record')} on both sides, not the same"
        if self.looked_at is None:
            return said
        return f"{said}; {self.looked_at:,} looked at one by one, and of these:"

    def _share(self, count: int, of: int) -> str:
        return f" in {count:,} of {counted(self.looked_at or of, 'record')}"

    def _named(self, some: Some, most: int) -> str:
        if not some.keys:
            return ""
        more = ", …" if some.count > most else ""
        what = "id" if self.known == "id" else "record"
        return f": {what} {', '.join(some.keys)}{more}"

    def _of_keys(self) -> Iterator[str]:
        """Yield the keys that only one side's documents have, or that are in more of them."""
        was, now = self.keys
        for key in sorted(was.keys() | now.keys()):
            before, after = was[key], now[key]
            if before and not after:
                yield f"field '{key}' lost{self._share(before, self.was)}"
            elif after and not before:
                yield f"field '{key}' new{self._share(after, self.now)}"


def _most_first(one: tuple[Difference, Some]) -> tuple[int, str, str]:
    difference, some = one
    return -some.count, difference.place, difference.kind


def _told(difference: Difference) -> str:
    place = difference.place.removeprefix("key ")
    if difference.kind in (_LOST, _NEW):
        return f"field '{place}' {difference.kind.removeprefix('key ')}"
    return f"field '{place}': {difference.kind}" if place else difference.kind


def _count(counts: Counter[str], some: Iterable[Document]) -> None:
    for document in some:
        try:
            counts.update(documents.keys(document.text or "{}"))
        except ValueError:  # it was told as another document already
            continue
