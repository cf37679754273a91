"""Is what the target yields, written back, what the source's files held?

Neither server writes and no document comes here as long as all are the same: both sides sum the
hashes of their documents by bucket, each bound to the document's key.  Only what lies in buckets
that differ is read, sorted by its server, and compared one by one as it comes.  A temporary table
would be a write; to sort and fetch all of it each time, a minute for a million.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.exporting import documents, pairing, queries
from gatepost.exporting.documents import Reading
from gatepost.exporting.tally import Tally
from gatepost.staging import places
from gatepost.wording import meant

if TYPE_CHECKING:
    from gatepost.exporting.documents import Sum
    from gatepost.exporting.subject import Subject
    from gatepost.names import Relation
    from gatepost.session import Session
    from gatepost.side import Side

# Where more documents than these lie in buckets that differ, those of some tell what happened.
_MOST = 250_000
_NOTHING = documents.Sum(0, 0)
_LYING = sql.SQL("select record, doc from {}")
_NAMES = (
    "select tablename::pg_catalog.text from pg_catalog.pg_tables"
    " where schemaname = %(schema)s order by 1"
)


def compare(session: Session, subject: Subject) -> Tally:
    """Return what became of a collection's documents on their way there and back.

    One scan per side while all is well; where it is not, the buckets that differ are sorted on
    both servers and read once, up to 250,000 documents.  In memory are 4,096 sums a side, and a few
    thousand documents.

    :raises UsageError: the query cannot be read, or the server refuses it; no such collection.
    """
    both = _readings(session, subject)

    def summed(at: int, side: Side) -> dict[int, Sum]:
        with side.lent() as conn, queries.blamed(subject.export.query):
            return documents.sums(conn, both[at])

    was, now = session.sides.ask(summed)
    tally = Tally(
        subject.collection, _counted(was), _counted(now), known=subject.known, masked=subject.masked
    )
    differing = {bucket for bucket in was.keys() | now.keys() if was.get(bucket) != now.get(bucket)}
    if differing:
        looked_at = _looked_at(differing, was, now)
        if looked_at != differing:
            tally.looked_at = _counted({bucket: was.get(bucket, _NOTHING) for bucket in looked_at})
        _narrow(session, both, looked_at, tally)
    return tally


def _looked_at(differing: set[int], was: dict[int, Sum], now: dict[int, Sum]) -> set[int]:
    """Return as many of the buckets as hold no more documents than are looked at one by one."""
    taken: set[int] = set()
    held = 0
    for bucket in sorted(differing):
        held += max(side.get(bucket, _NOTHING).documents for side in (was, now))
        if taken and held > _MOST:
            break
        taken.add(bucket)
    return taken


def _counted(sums: dict[int, Sum]) -> int:
    return sum(one.documents for one in sums.values())


def _narrow(
    session: Session, both: tuple[Reading, Reading], differing: set[int], tally: Tally
) -> None:
    sides = (session.before, session.after)
    with contextlib.ExitStack() as held:
        streams = []
        for side, reading in zip(sides, both, strict=True):
            conn = held.enter_context(side.lent())
            streams.append(documents.listed(conn, reading, differing))
            held.callback(streams[-1].close)
        for met in pairing.meet(*streams, by_key=tally.known != "content"):
            tally.take(met)


def _readings(session: Session, subject: Subject) -> tuple[Reading, Reading]:
    terms, query = session.handover, queries.written(session.settings, subject.export)
    with session.after.lent() as conn:
        queries.check(conn, subject.export.query, query)
    rows = (
        _LYING.format(_lying(session.before, subject.collection).identifier),
        documents.exported(query, ordered=subject.export.ordered),
    )
    own = terms.hash == "hash64" and not any(terms.utf8)
    if own:
        answers = session.sides.ask(lambda _, side: _answer(side))
        own = answers[0] == answers[1]
    was, now = (
        Reading(one, subject.known, subject.ids, terms.hash, utf8, own)
        for one, utf8 in zip(rows, terms.utf8, strict=True)
    )
    return was, now


def _answer(side: Side) -> int:
    with side.lent() as conn:
        return documents.answer(conn)


def _lying(before: Side, collection: str) -> Relation:
    """Return the table in which the source's documents lie.

    :raises UsageError: there is none.
    """
    with before.lent() as conn:
        known = database.rows(conn, _NAMES, {"schema": places.DOCUMENTS})
    names = [name for (name,) in known]
    if collection not in names:
        raise UsageError(
            f"[export.{collection}]: the source has no collection of that name",
            hint=meant(collection, names) or f"it has {', '.join(names)}",
        )
    return places.documents_of(collection)
