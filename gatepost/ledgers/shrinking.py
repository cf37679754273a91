"""Does a ledger still tell all that it told before?  Rows are added to it, and none ever goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.ledgers import alembic, golang_migrate
from gatepost.ledgers.entries import told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gatepost.ledgers.declared import Ledger
    from gatepost.ledgers.entries import Entry

_NAMED = 5
# What was applied may be said to have been taken back since: by its way back, or a later run of it.
_STILL = ("applied", "marked", "taken back")


def since(
    ledger: Ledger,
    was: Sequence[Entry],
    now: Sequence[Entry],
    *,
    when: str,
    hint: str,
    folder: Path | None = None,
) -> tuple[str, ...]:
    """Return what rows said ``when``, and do not say any more.

    :param folder: of the scripts, without which Alembic's rows tell nothing of each other.
    :param hint: the way out.
    """
    found = _found(ledger, was, now, folder)
    return tuple(told(f"{ledger.table}: {what} ({when})", hint) for what in found)


def is_way_back(ledger: Ledger, was: Sequence[Entry], now: Sequence[Entry]) -> bool:
    """Whether what is gone is what a way back takes: the last rows, and not all of them.

    Prisma knows no way back, and Flyway records it; the others delete the row, or lower it.
    """
    if ledger.kind in ("prisma", "flyway") or not now:
        return False
    if ledger.kind in ("golang-migrate", "alembic"):
        return True
    there = {entry.id: entry for entry in now}
    left = [entry for entry in was if entry.id in there]
    same = not any(_is_rewritten(ledger, entry, there[entry.id]) for entry in left)
    return same and left == list(was[: len(left)])


def added(was: Sequence[Entry], now: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the rows that are new."""
    known = {entry.id for entry in was}
    return tuple(entry for entry in now if entry.id not in known)


def _found(
    ledger: Ledger, was: Sequence[Entry], now: Sequence[Entry], folder: Path | None
) -> Iterator[str]:
    if ledger.kind == "golang-migrate":
        yield from golang_migrate.shrank(was, now)
    elif ledger.kind == "alembic":
        if folder is not None:
            known = {one.id: one for one in alembic.revisions(folder)}
            yield from alembic.shrank(was, now, known)
    else:
        yield from _rows(ledger, was, now)


def _is_rewritten(ledger: Ledger, before: Entry, after: Entry) -> bool:
    if ledger.kind == "liquibase":
        return False  # it does so itself, when a change set is to run on each change
    return (after.name, after.checksum) != (before.name, before.checksum)


def _rows(ledger: Ledger, was: Sequence[Entry], now: Sequence[Entry]) -> Iterator[str]:
    there = {entry.id: entry for entry in now}
    # A row of what failed may go: that is how some resolve it.
    gone = [entry for entry in was if entry.done and entry.id not in there]
    if gone:
        again = {entry.name for entry in now} & {entry.name for entry in gone}
        anew = f", and {counted(len(again), 'name')} of them written anew" if again else ""
        yield f"{counted(len(gone), 'row')} gone{anew}: {_listed(gone)}"
    for before in was:
        after = there.get(before.id)
        if after is None:
            continue
        if _is_rewritten(ledger, before, after):
            yield f"the row of {before.name} was rewritten"
        elif before.done and after.state not in _STILL:
            yield f"{before.name} was {before.state}, and is {after.state}"


def _listed(gone: Sequence[Entry]) -> str:
    named = [entry.name for entry in gone[:_NAMED]]
    more = len(gone) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
