"""How are records read that look like those before them, as nearly all of them do?

What the last records had (their keys, the kinds under each, whether it was always there) becomes a
type of msgspec's, and a whole run of records is read as a list of that type: where this succeeds,
each has these keys and kinds and no others, and only what differs between them is looked at one by
one.  Where it fails nothing is lost but the attempt.
"""

from __future__ import annotations

import re
from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from gatepost.sources import quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gatepost.sources.tally import Tally

# With more keys than this, records are hardly alike.
_KEYS = 200
# What msgspec takes for a key.
_NAMEABLE = re.compile(r'[^"\\\x00-\x1f]*')
# Kinds that are checked by being read; a float must be looked at, an array or object counted.
_PLAIN = frozenset({str, int, bool, type(None)})
# The most runs that are read otherwise before a layout that failed is tried again.
_PATIENCE = 64


class Layout:
    """What the next records probably look like, learnt of those before them."""

    def __init__(self) -> None:
        self._kinds: dict[str, Counter[type]] = {}
        self._number = 0
        self._sure: list[tuple[str, type]] = []
        self._open: list[tuple[str, Callable[[Any], Any]]] = []
        self._read: Callable[[Sequence[bytes]], list[Any] | None] | None = None
        self._failures = 0
        self._wait = 0

    def learn(self, documents: Iterable[dict[str, Any]]) -> None:
        """Take in how records looked that `count` could not read."""
        if self._wait > 0:
            self._wait -= 1
            return
        for document in documents:
            if len(self._kinds) > _KEYS:
                return  # nor would there be an end to what is kept of them
            self._number += 1
            for key, value in document.items():
                self._kinds.setdefault(key, Counter())[type(value)] += 1
        if 0 < len(self._kinds) <= _KEYS and all(map(_NAMEABLE.fullmatch, self._kinds)):
            self._arrange()

    def count(self, pieces: Sequence[bytes], tally: Tally) -> int | None:
        """Count records; return how many keys they have in all, or None where they look otherwise.

        :raises TooDeep: as `Tally.add`.
        """
        if self._read is None:
            return None
        records = self._read(pieces)
        if records is None:
            self.failed()
            return None
        self._failures = 0
        for key, kind in self._sure:
            tally.add_values(key, Counter({kind: len(records)}))
        keys = len(records) * len(self._sure)
        for key, value_of in self._open:
            values = list(map(value_of, records))
            kinds = Counter(map(type, values))
            kinds.pop(quick.ABSENT, None)
            keys += kinds.total() + tally.add_values(key, kinds, values)
        return keys

    def failed(self) -> None:
        """Be of no use for a while: at first for none, then for ever more runs of records."""
        self._failures += 1
        self._wait = min(2**self._failures - 2, _PATIENCE)
        self._read = None

    def _arrange(self) -> None:
        # A key may be anything, an attribute's name may not.
        names = {f"f{at}": key for at, key in enumerate(self._kinds)}
        always = {key for key, seen in self._kinds.items() if seen.total() == self._number}
        self._sure = [
            (key, kind)
            for key, seen in self._kinds.items()
            for kind in seen
            if len(seen) == 1 and key in always and kind in _PLAIN
        ]
        sure = {key for key, _ in self._sure}
        self._open = [(key, attrgetter(name)) for name, key in names.items() if key not in sure]
        fields = {
            name: quick.field(seen if seen.keys() <= _PLAIN else (), always=key in always)
            for name, key in names.items()
            for seen in (self._kinds[key],)
        }
        self._read = quick.records(fields, names)
