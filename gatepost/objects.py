"""Is what was restored in working order, and not just declared?

An index may be invalid, a constraint never validated, a foreign key's triggers asleep, a
materialised view empty, the planner blind, a large object gone: no count of rows shows any of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gatepost import database
from gatepost.database import Connection
from gatepost.errors import NotReadable, NotRecorded
from gatepost.names import dotted
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.parity.hashes import Hash

LARGE_OBJECTS = "large objects"
HIDDEN = "hidden from this role"
# Large objects that are named; the others are counted.
LIMIT = 20
_BUCKETS = 1024


@dataclass(frozen=True)
class Sort:
    """A sort of thing that can be out of order.

    :param question: yields every one of them with its state.
    :param sound: the state of one in order.
    :param as_before: whether any change of state is a finding, for the better too: a trigger that
        slept before and fires now does something new.
    :param as_made: whether a migration may make one that is out of order: NOT VALID is part of what
        a constraint declares, which `schema` compares.
    """

    question: str
    sound: str
    as_before: bool = False
    as_made: bool = False


SORTS = {
    "indexes": Sort("objects_indexes", "valid"),
    "constraints": Sort("objects_constraints", "validated", as_made=True),
    "triggers": Sort("objects_triggers", "enabled", as_before=True),
    "materialised views": Sort("objects_views", "populated"),
    "statistics": Sort("objects_statistics", "present"),
}
SUBJECTS = (*SORTS, LARGE_OBJECTS)


@dataclass(frozen=True)
class Compared:
    """What is out of order, what was so before, and how many are in which state on each side."""

    findings: tuple[str, ...]
    notes: tuple[str, ...]
    was: Mapping[str, int]
    now: Mapping[str, int]


@dataclass(frozen=True)
class LargeObjects:
    """Large objects that were counted and digested together; ``digest`` is a sum, in digits."""

    objects: int
    bytes: int
    digest: str


@dataclass(frozen=True)
class Access:
    """How the large objects of one side can be read.

    :param unreadable: the oids of those that this role may not read in any way.
    """

    as_table: bool
    unreadable: tuple[int, ...]


class Facts(Protocol):
    """What one side, live or recorded, says of its objects."""

    def states(self, subject: str) -> Mapping[str, str]:
        """Return the state of every thing of a sort, by name."""

    @property
    def access(self) -> Access:
        """How its large objects can be read."""

    def large_objects(
        self, buckets: Sequence[int] | None, without: Sequence[int], method: Hash
    ) -> Mapping[int, LargeObjects]:
        """Return all buckets, or each large object of some buckets, ``without`` some oids."""


@dataclass(frozen=True)
class Asked:
    """What a server says.

    :param without: schemas that are no part of what is compared.
    """

    connection: Connection
    without: tuple[str, ...] = ()

    def states(self, subject: str) -> dict[str, str]:
        """Return the state of every thing of a sort, by name."""
        within = tuple(f"{dotted(name)}." for name in self.without)
        found = states(self.connection, SORTS[subject])
        return {name: state for name, state in found.items() if not name.startswith(within)}

    @property
    def access(self) -> Access:
        """How its large objects can be read."""
        ((as_table, unreadable),) = database.rows(
            self.connection, question("objects_large_objects_access")
        )
        return Access(as_table, tuple(unreadable))

    def large_objects(
        self, buckets: Sequence[int] | None, without: Sequence[int], method: Hash
    ) -> dict[int, LargeObjects]:
        """Return all buckets, or each large object of some buckets, ``without`` some oids.

        As a table they cost a tenth of what they cost object by object; the numbers are the same.
        """
        as_table = self.access.as_table
        name = "objects_large_objects" if as_table else "objects_large_objects_called"
        given = {
            "buckets": None if buckets is None else list(buckets),
            "without": list(without),
            "sha256": method == "sha256",
        }
        found = database.rows(self.connection, question(name), given)
        return {number: LargeObjects(*rest) for number, *rest in found}


def compare(
    subject: str,
    before: Facts,
    after: Facts,
    method: Hash = "hash64",
    *,
    migrated: bool = False,
) -> Compared:
    """Return what is out of order after; what was no better before is a note, `inherited`.

    :param subject: one of `SUBJECTS`.
    :param method: by which the contents of large objects are compared.
    :param migrated: the after side was made of the before side, by migrations.
    :raises NotReadable: the server does not tell this role the state of one, or the content of a
        large object, and all others are alike.

    One statement a side.  Large objects are read whole, on the servers: one scan of their table,
    and another where they differ.
    """
    if subject == LARGE_OBJECTS:
        return _large_objects(before, after, method)
    sort = SORTS[subject]
    return judge(sort, before.states(subject), after.states(subject), migrated=migrated)


def states(conn: Connection, sort: Sort) -> dict[str, str]:
    """Return the state of every thing of a sort, by name as in `public.t: index t_pkey`.

    :raises NotReadable: the server does not tell this role the state of one.
    """
    found = {
        ": ".join(part for part in (dotted(*relation), what) if part): state
        for relation, what, state in database.rows(conn, question(sort.question))
    }
    hidden = [name for name, state in found.items() if state == HIDDEN]
    if hidden:
        raise NotReadable(
            f"cannot read {hidden[0]}: {HIDDEN}, as are {len(hidden) - 1} others",
            hint="grant pg_read_all_data to the role (PostgreSQL 14 and later)",
        )
    return found


def judge(
    sort: Sort, was: Mapping[str, str], now: Mapping[str, str], *, migrated: bool = False
) -> Compared:
    """Return what states of one sort amount to."""
    findings: list[str] = []
    notes: list[str] = []
    for name, state in now.items():
        known = was.get(name)
        if state == known:
            if state != sort.sound:
                notes.append(f"{name}: {state}, inherited")
        elif known is None:
            if state != sort.sound:
                meant = notes if migrated and sort.as_made else findings
                meant.append(f"{name}: {state} after, not there before")
        elif state != sort.sound or sort.as_before:
            findings.append(f"{name}: {known} before, {state} after")
    return Compared(tuple(findings), tuple(notes), Counter(was.values()), Counter(now.values()))


def bucket(oid: int) -> int:
    """Return the bucket in which large objects are counted together: as the questions have it."""
    return oid % _BUCKETS


def bucketed(found: Mapping[int, LargeObjects]) -> dict[int, LargeObjects]:
    """Return what the buckets of large objects hold that were asked for one by one."""
    dealt: dict[int, list[LargeObjects]] = defaultdict(list)
    for oid, one in found.items():
        dealt[bucket(oid)].append(one)
    return {
        number: LargeObjects(
            sum(one.objects for one in some),
            sum(one.bytes for one in some),
            str(sum(int(one.digest) for one in some)),
        )
        for number, some in dealt.items()
    }


_Numbered = Mapping[int, LargeObjects]


def _large_objects(before: Facts, after: Facts, method: Hash) -> Compared:
    sides = (before, after)
    unreadable = [side.access.unreadable for side in sides]
    without = sorted({oid for oids in unreadable for oid in oids})

    def both(buckets: list[int] | None) -> tuple[_Numbered, _Numbered]:
        was, now = (side.large_objects(buckets, without, method) for side in sides)
        return was, now

    was, now = both(None)
    at_fault = sorted(bucket for bucket in {*was, *now} if was.get(bucket) != now.get(bucket))
    findings = []
    if at_fault:
        try:
            findings = _differing(*both(at_fault[: LIMIT + 1]))
        except NotRecorded as error:  # which ones, nobody can tell; that some differ is known
            findings = [error.message]
    if len(findings) > LIMIT:
        findings[LIMIT:] = ["large objects: others differ as well"]
    if at_fault:
        findings.insert(0, f"large objects: {_total(was)} before, {_total(now)} after")
    unread = [
        f"large object {oid}: not compared: this role may not read it {side}"
        for side, oids in zip(("before", "after"), unreadable, strict=True)
        for oid in oids
    ]
    if unread and not findings:
        raise NotReadable(
            f"{unread[0]}; {len(without) - 1} others" if without[1:] else unread[0],
            hint="grant pg_read_all_data to the role, or select on pg_catalog.pg_largeobject",
        )
    return Compared(tuple(findings), tuple(unread[:LIMIT]), _numbers(was), _numbers(now))


def _differing(was: _Numbered, now: _Numbered) -> list[str]:
    lines = []
    for oid in sorted({*was, *now}):
        one, other = was.get(oid), now.get(oid)
        if one is None:
            lines.append(f"large object {oid}: only after")
        elif other is None:
            lines.append(f"large object {oid}: gone")
        elif one != other:
            same = ", not the same" if one.bytes == other.bytes else ""
            lines.append(
                f"large object {oid}: {one.bytes:,} bytes before, {other.bytes:,} after{same}"
            )
    return lines


def _numbers(found: _Numbered) -> dict[str, int]:
    return {
        "objects": sum(one.objects for one in found.values()),
        "bytes": sum(one.bytes for one in found.values()),
    }


def _total(found: _Numbered) -> str:
    numbers = _numbers(found)
    return f"{numbers['objects']:,} ({numbers['bytes']:,} bytes)"
