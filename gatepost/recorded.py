"""What does a recorded baseline answer in the place of the database that it was taken of?

It has the interface of a live side.  What was not recorded is an error and never an empty answer:
a check that needs it is not asked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from gatepost import baseline_file, objects
from gatepost.dsn import Dsn
from gatepost.errors import NotRecorded, UsageError
from gatepost.parity import buckets, digests, hashes
from gatepost.parity.hashes import Agreement
from gatepost.side import Side
from gatepost.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from gatepost import baseline_file as files
    from gatepost.baseline_file import Baseline
    from gatepost.database import Connection
    from gatepost.names import Relation
    from gatepost.objects import Access, LargeObjects
    from gatepost.origin import Source
    from gatepost.orphans import Orphans
    from gatepost.parity.buckets import Buckets, Sum
    from gatepost.parity.census import Census
    from gatepost.parity.digests import Digest
    from gatepost.parity.hashes import Hash
    from gatepost.parity.readings import Reading
    from gatepost.references import Reference
    from gatepost.schema.catalog import Column
    from gatepost.staging.registry import StagedCollection
    from gatepost.verdict import SideInfo

Fact = TypeVar("Fact")

_HINT = "ask the live source, if it is still there: --source names it"


class Recorded(Side):
    """The before side as it was when its baseline was taken.

    :param file: the baseline's, read and found unaltered.
    :param folder: of the facts that the processes of this run share.
    """

    def __init__(
        self,
        file: Path,
        baseline: Baseline,
        folder: Path,
        *,
        app: str = "",
        media: tuple[str, ...] = (),
    ) -> None:
        store = _Facts(folder, file.name, baseline.facts)
        super().__init__("before", Dsn(""), store, app=app, media=media)
        self.file = file
        self.baseline = baseline
        self._rows: dict[Relation, list[files.Recorded]] = defaultdict(list)
        for one in baseline.relations:
            self._rows[one.reading.relation].append(one)

    def __repr__(self) -> str:
        return f"{self.label} (baseline {self.file.name})"

    def agreed(self, after: Side) -> Agreement:
        """Return the hash of the baseline, which the after side's server must compute alike.

        :raises UsageError: it does not.
        """
        method = self.baseline.hash
        differing = hashes.disagreed_on(method, self.answers, after.answers)
        if differing:
            said = ", ".join(differing)
            raise UsageError(
                f"baseline {self.file.name}: recorded under {method}, and the server of the after"
                f" side hashes {said} in another way",
                hint="record it with --hash sha256, which all servers have in common",
            )
        return Agreement(method, "the baseline was recorded so" if method == "sha256" else "")

    def as_utf8(self, after: Side) -> tuple[bool, bool]:
        """Return, by side, whether its texts are hashed as UTF-8: the baseline's, as they were."""
        return self.baseline.utf8, hashed_as_utf8(after.encoding)

    @cached_property
    def encoding(self) -> str:
        """In which encoding the database stored text."""
        return self.baseline.server.encoding

    @cached_property
    def info(self) -> SideInfo:
        """Which server and database it was, and that this is its baseline."""
        was = super().info
        moment = f"{self.baseline.started:%Y-%m-%d %H:%M} UTC"
        return replace(was, server=f"{was.server}, baseline of {moment}")

    @cached_property
    def staged(self) -> tuple[StagedCollection, ...]:
        """The collections that had been staged; none where the source was a database itself."""
        return super().staged if "before staged" in self.baseline.facts else ()

    def begin(self, readings: Iterable[Reading]) -> None:
        """Do nothing: all was read long ago."""

    def verifiable(self, reading: Reading) -> Reading:
        """Return a reading of those columns that were recorded as they must be compared now.

        :raises NotRecorded: none was, or not under the key by which they must be.
        """
        found = max(
            (self._covered(one, reading) for one in self._rows[reading.relation]),
            key=lambda covered: -1 if covered is None else len(covered.columns),
            default=None,
        )
        if found is None:
            raise NotRecorded(f"{reading}: {self._why_not(reading)}", hint=_HINT)
        return found

    def digest(self, reading: Reading) -> Digest:
        """Return the digest of a relation."""
        for one in self._rows[reading.relation]:
            if self._covered(one, reading) == reading:
                return one.digest.of(part.name for part in reading.columns)
        raise NotRecorded(f"{reading}: {self._why_not(reading)}", hint=_HINT)

    def census(
        self, reading: Reading, columns: list[Column], *, distinct: bool = True
    ) -> dict[str, Census]:
        """Return the census of some columns; ``distinct`` as it was counted then."""
        del distinct
        names = {column.name for column in columns}
        for one in self._rows[reading.relation]:
            if one.census is not None and names <= one.census.keys():
                return {name: one.census[name] for name in names}
        raise self.missing(f"a census of {reading}")

    def bucketed(self, reading: Reading) -> tuple[Reading, Buckets, dict[int, Sum]] | None:
        """Return sums of buckets by the key of ``reading``; None where none were recorded.

        :return: the reading whose columns the sums of values are made of, how keys were dealt, and
            the sums.
        """
        for one in self._rows[reading.relation]:
            if one.sums is not None and _bound_alike(one.reading, reading):
                asked = buckets.statement(one.reading, one.sums.dealt).as_string()
                if hashlib.sha256(asked.encode()).hexdigest() == one.sums.statement:
                    found = baseline_file.sums(self.file, self.baseline, one.sums)
                    return one.reading, one.sums.dealt, found
        return None

    def orphans(self, reference: Reference, method: Hash) -> Orphans | None:
        """Return the orphans of a reference, None where its tables or columns were not there."""
        return self._orphans_of(reference, method)[0]

    def orphan_hashes(self, reference: Reference, method: Hash) -> frozenset[int]:
        """Return the hashes of a reference's orphans: as many as are told apart at the most."""
        return frozenset(self._orphans_of(reference, method)[1])

    @property
    def objects(self) -> _Objects:
        """What was recorded of indexes, constraints, large objects and the rest."""
        return _Objects(self)

    def value(self, query: str) -> Any:
        """Return the one value of a query that the project declared when this was recorded."""
        if query not in self.baseline.values:
            raise self.missing(f"the answer to '{query.strip()}'")
        return self.baseline.values[query]

    def _orphans_of(
        self, reference: Reference, method: Hash
    ) -> tuple[Orphans | None, tuple[int, ...]]:
        known = self.baseline.orphans
        if reference.subject not in known or method != self.baseline.hash:
            raise self.missing(f"how many orphans {reference.subject} has")
        one = known[reference.subject]
        return (None, ()) if one is None else (one.orphans, one.hashes)

    def _covered(self, one: files.Recorded, reading: Reading) -> Reading | None:
        """Return what of a reading one record answers; None if nothing."""
        if not _bound_alike(one.reading, reading):
            return None
        if digests.statement(one.reading).as_string() != one.statement:
            return None  # by an older gatepost, which asked another question
        if reading.whole:
            return reading if one.reading.columns == reading.columns else None
        known = set(one.reading.columns)
        return replace(reading, columns=tuple(part for part in reading.columns if part in known))

    def _why_not(self, reading: Reading) -> str:
        records = self._rows[reading.relation]
        name = f"baseline {self.file.name}"
        if not records:
            why = self.baseline.missing.get(str(reading.relation), "it was not there, or not asked")
            return f"its rows were not recorded in {name}: {why}"
        one = records[0]
        if one.reading.key != reading.key or bool(reading.query):
            told = ", ".join(part.name for part in one.reading.key) or "no key"
            now = ", ".join(part.name for part in reading.key) or "no key"
            return f"recorded in {name} by {told}, and to be compared by {now}"
        lacking = [part.name for part in reading.columns if part not in one.reading.columns]
        if lacking:
            return f"{', '.join(lacking)} not recorded in {name} as now to be compared"
        return f"recorded in {name} by gatepost {self.baseline.gatepost}, in another way than now"

    def missing(self, what: str) -> NotRecorded:
        """Return the error that says what the baseline does not tell."""
        return NotRecorded(f"{what} was not recorded in baseline {self.file.name}", hint=_HINT)

    def _connect(self) -> Connection:
        raise NotRecorded(
            f"this asks the source itself, and baseline {self.file.name} stands for it", hint=_HINT
        )


def opened(file: Path, source: Source, facts: Path) -> Recorded:
    """Return the side that a baseline stands for.

    :param facts: the folder of the facts that the processes of a run share.
    :raises UsageError: there is no such file, or it is not what was written.
    """
    folder = facts / "before-baseline"
    return Recorded(file, baseline_file.read(file), folder, app=source.app, media=source.media)


def hashed_as_utf8(encoding: str) -> bool:
    """Whether a database's texts must be turned into UTF-8 for a side that is not known yet.

    Of SQL_ASCII nobody knows the encoding: its bytes are taken as they are.
    """
    return encoding not in ("UTF8", "SQL_ASCII")


class _Facts(Store):
    """The facts of a file, in the place of those that a run would gather."""

    def __init__(self, folder: Path, name: str, facts: Mapping[str, Any]) -> None:
        super().__init__(folder)
        self._name = name
        self._facts = facts

    def once(self, name: str, of: type[Fact], ask: Callable[[], Fact]) -> Fact:
        """Return the recorded fact; what was not recorded cannot be asked for any more."""
        del ask
        if name not in self._facts:
            what = name.removeprefix("before ")
            raise NotRecorded(f"'{what}' was not recorded in baseline {self._name}", hint=_HINT)
        adapter: TypeAdapter[Fact] = TypeAdapter(of)
        try:
            return adapter.validate_python(self._facts[name])
        except ValidationError:
            what = name.removeprefix("before ")
            raise NotRecorded(
                f"'{what}' was recorded in another form in baseline {self._name}", hint=_HINT
            ) from None


@dataclass(frozen=True)
class _Objects:
    """What was recorded of objects."""

    side: Recorded

    def states(self, subject: str) -> Mapping[str, str]:
        """Return the state of every thing of a sort, by name."""
        known = self.side.baseline.states
        if subject not in known:
            raise self.side.missing(f"the state of {subject}")
        return known[subject]

    @property
    def access(self) -> Access:
        """How the large objects could be read."""
        return self.side.baseline.large_objects.access

    def large_objects(
        self, wanted: Sequence[int] | None, without: Sequence[int], method: Hash
    ) -> Mapping[int, LargeObjects]:
        """Return all buckets, or each large object of some buckets, ``without`` some oids."""
        known = self.side.baseline.large_objects
        if method != self.side.baseline.hash:
            raise self.side.missing(f"the content of large objects under {method}")
        if known.by_oid:
            found = {oid: one for oid, one in known.found.items() if oid not in without}
            if wanted is None:
                return objects.bucketed(found)
            return {oid: one for oid, one in found.items() if objects.bucket(oid) in wanted}
        if wanted is not None or set(without) != set(known.access.unreadable):
            raise self.side.missing("which large object is which")
        return known.found


def _bound_alike(one: Reading, other: Reading) -> bool:
    """Whether the values of two readings are hashed alike, whichever columns they are of."""
    return replace(one, columns=()) == replace(other, columns=())
