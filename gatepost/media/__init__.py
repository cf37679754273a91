"""Is every media file that a column names there, sound, served, and the one it was?"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.answers import is_absolute
from gatepost.errors import UsageError
from gatepost.media import form
from gatepost.media.faults import Fault, Kind, Survey
from gatepost.media.files import Folders
from gatepost.media.look import Place, Seen, changed, look, look_elsewhere
from gatepost.parallel import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.http import Client
    from gatepost.names import Relation

_DISKS_AT_ONCE = 2
_ROWS_AT_ONCE = 2_000
# One side may be looked at on disk, the other through a server.
_ABSENT = {Kind.UNSERVED: Kind.MISSING}
# Bytes, not text: both sides must be in one order for the merge, whatever their collations.
_PATHS = sql.SQL("""
select path, pg_catalog.count(*) as rows
from (select {column}::text collate pg_catalog."C" as path from {table}) as media
where path is not null
group by path
order by pg_catalog.convert_to(path, 'UTF8')
""")


@dataclass(frozen=True)
class MediaPath:
    """A path that a column holds, and in how many rows."""

    path: str
    rows: int


@dataclass(frozen=True)
class Held:
    """One path: in how many rows before and after, 0 where it is not."""

    path: str
    before: int
    after: int


def place(roots: tuple[str, ...], app: str, folder: Path) -> Place:
    """Return where a side keeps its media.

    :param roots: folders, relative ones from ``folder``, and base URLs.
    :param app: the base URL that serves the media where no root is one; empty for none.
    :raises UsageError: a folder is not on this machine.
    """
    local = tuple(folder / root for root in roots if not is_absolute(root))
    bases = tuple(root.rstrip("/") for root in roots if is_absolute(root))
    fallback = (app.rstrip("/"),) if app else ()
    return Place(Folders(local) if local else None, bases or fallback)


def paths(conn: Connection, table: Relation, column: str) -> Iterator[MediaPath]:
    """Yield the different paths that a column holds, in the order of their UTF-8 bytes.

    A cursor on the server hands them over in pieces.  ``conn`` must be in the transaction that
    holds its snapshot, and may not be asked otherwise until the last path is taken.

    :raises UsageError: there is no such table or column.
    :raises NotReadable: the role may not read it.
    """
    query = _PATHS.format(column=sql.Identifier(column), table=table.identifier)
    try:
        for path, rows in database.stream(conn, query, at_once=_ROWS_AT_ONCE):
            yield MediaPath(path, rows)
    except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable):
        raise UsageError(
            f"[[media]]: there is no column {table}.{column} to read paths from",
            hint="is the name spelled as the database spells it, case included?",
        ) from None


def survey(found: Iterable[MediaPath], where: Place, client: Client) -> Survey:
    """Return what is wrong with the files that one side names.

    :param client: gives the bound on what is asked at once, of disks as of servers.
    :raises UsageError: there is neither folder nor URL to look at.
    :raises CannotConnect: a server of this side does not answer.
    """
    _must_be_somewhere(where)
    result = Survey()
    seen = in_order(
        lambda one: (one, _seen(one.path, where, client)), found, at_once=_at_once(client, where)
    )
    for one, sight in seen:
        result.take(one.path, one.rows, sight.faults)
    return result


def compare(
    before: Iterable[MediaPath], after: Iterable[MediaPath], was: Place, now: Place, client: Client
) -> Survey:
    """Return what is wrong with the files that the after side names, and which are not the same.

    What was wrong at the source in the same way is inherited, and told apart.

    :param before: in the order of `paths`, as is ``after``.
    :param was: an empty place leaves files that exist uncompared.
    :raises UsageError: there is neither folder nor URL on the after side.
    :raises CannotConnect: a server of one of the sides does not answer.
    """
    _must_be_somewhere(now)
    result = Survey()
    judged = in_order(
        lambda held: (held, *_judged(held, was, now, client)),
        merged(before, after),
        at_once=_at_once(client, was, now),
    )
    for held, faults, inherited in judged:
        result.take(held.path, held.after or held.before, faults, inherited)
    return result


def merged(before: Iterable[MediaPath], after: Iterable[MediaPath]) -> Iterator[Held]:
    """Yield every path of both sides once; they come, and it goes, in order."""
    ordered = heapq.merge(
        ((one.path, 0, one.rows) for one in before), ((one.path, 1, one.rows) for one in after)
    )
    for path, group in groupby(ordered, key=lambda one: one[0]):
        rows = {side: count for _, side, count in group}
        yield Held(path, rows.get(0, 0), rows.get(1, 0))


def _at_once(client: Client, *places: Place) -> int:
    """Return how many files to look at at once: threads wait for servers, on disks they queue."""
    return client.limits.requests if any(place.bases for place in places) else _DISKS_AT_ONCE


def _must_be_somewhere(where: Place) -> None:
    if not where:
        raise UsageError(
            "media: there is neither a folder nor a URL to look for files in",
            hint='media = ["folder", "https://…"] under [source] or the target',
        )


def _seen(path: str, where: Place, client: Client) -> Seen:
    if wrong := form.faults(path):
        return Seen((Fault(Kind.FORM, ", ".join(wrong)),))
    inner = where.inner(path)
    return look_elsewhere(path, client) if inner is None else look(inner, where, client)


def _judged(
    held: Held, was: Place, now: Place, client: Client
) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Return the faults of one path that are new, and those that the source had already."""
    if not held.after:
        return (Fault(Kind.GONE),), ()
    sight = _seen(held.path, now, client)
    if not held.before:
        return (Fault(Kind.NEW), *sight.faults), ()
    inner = now.inner(held.path)
    if inner is None or any(fault.kind is Kind.FORM for fault in sight.faults):
        return (), sight.faults  # it is the same path, and no file of ours
    if not was:
        return sight.faults, ()
    earlier = look(inner, was, client)
    if not sight.faults and not earlier.faults:
        difference = changed(earlier, sight)
        return ((difference,) if difference else ()), ()
    old = {_ABSENT.get(fault.kind, fault.kind) for fault in earlier.faults}
    inherited = tuple(f for f in sight.faults if _ABSENT.get(f.kind, f.kind) in old)
    return tuple(f for f in sight.faults if f not in inherited), inherited
