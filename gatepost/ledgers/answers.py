"""What is told of a ledger in a gate: by itself, against its files, and since it was last asked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import names
from gatepost.ledgers import kept, reading, shrinking
from gatepost.ledgers.entries import Asked, Told, told
from gatepost.ledgers.kinds import KINDS
from gatepost.migrations import chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.ledgers.declared import Ledger
    from gatepost.ledgers.entries import Entry
    from gatepost.session import Session
    from gatepost.settings import Gate, Settings
    from gatepost.side import Side

_BY_NAME = ("prisma", "sql")
_NO_TABLE = "is it in another schema, or has it another name? table = … in [[ledgers]]"
_IN_THE_RUN = "whoever wrote it was not this run: find out who, before anything else is changed"


def of(session: Session, side: Side, ledger: Ledger, gate: Gate) -> Told:
    """Return what is wrong with a ledger on the side that is migrated, and what is worth knowing.

    :param side: the source before the dump, the target after it.
    :raises UsageError: the table is no ledger of that kind, or there is no folder of migrations.
    """
    settings = session.settings
    begins = gate == "pre" and _runs(settings)
    entries = reading.of(side, ledger)
    if entries is None and not begins:
        return Told((told(f"{ledger.table}: missing {side.label}", _NO_TABLE),))
    asked = Asked(
        ledger,
        entries or (),
        settings.path(ledger.files) if ledger.files else None,
        pending=begins,
        due=settings.is_due,
        forgotten=settings.is_forgotten,
        held=reading.held(side, ledger),
    )
    found = KINDS[ledger.kind].judge(asked)
    if entries is None:
        found += Told(tuple(_refused(ledger, side)))
    if gate == "pre":
        return found + kept.told(session, ledger)
    return found + Told(tuple(_in_the_run(session, ledger, entries or ())))


def _runs(settings: Settings) -> bool:
    """Whether what is pending is about to be run: by us, or by what changes a database in place."""
    migrate = settings.project.migrate
    return migrate.runs_migrations or migrate.fill == "prisma" or settings.in_place


def _refused(ledger: Ledger, side: Side) -> Iterator[str]:
    """Yield that Prisma would not begin: there are tables already, and nothing says whose."""
    schema = names.relation(ledger.table).schema
    ordinary = [
        one for one in side.catalog.tables if one.relation.schema == schema and one.kind == "table"
    ]
    if ledger.kind == "prisma" and ordinary:
        yield told(
            f"{ledger.table}: it is not there, and every deployment refuses a schema with tables"
            " (P3005)",
            "`prisma migrate resolve --applied NAME` for each migration whose work is there",
        )


def _in_the_run(session: Session, ledger: Ledger, now: Sequence[Entry]) -> Iterator[str]:
    """Yield what happened to the rows between the two sides, where both are of one history."""
    settings = session.settings
    if not settings.of_itself:
        return
    was = reading.of(session.before, ledger) or ()
    yield from shrinking.since(
        ledger,
        was,
        now,
        when="since the run began",
        hint=_IN_THE_RUN,
        folder=settings.path(ledger.files) if ledger.files else None,
    )
    added = shrinking.added(was, now)
    yield from _marked(ledger, added)
    yield from _unexpected(settings, ledger, was, added)


def _marked(ledger: Ledger, added: Sequence[Entry]) -> Iterator[str]:
    for entry in added:
        if entry.state == "marked":
            yield told(
                f"{ledger.table}: {entry.name} was marked as applied while the run went on, and"
                " none of its steps was run",
                "what marks migrations as applied when a deployment fails hides the failure",
            )


def _unexpected(
    settings: Settings, ledger: Ledger, was: Sequence[Entry], added: Sequence[Entry]
) -> Iterator[str]:
    """Yield what the run was not to record: rows before and what was pending are rows after."""
    if not ledger.files or ledger.kind not in _BY_NAME:
        return
    files = chain.of(settings.path(ledger.files))
    waiting = KINDS[ledger.kind].pending
    assert waiting is not None  # of a kind whose rows are called as files are
    due = {file.name for file in waiting(was, files) if settings.is_due(file.name)}
    known = {entry.name for entry in was}  # a row written anew is told by the one that is gone
    for name in sorted({entry.name for entry in added} - due - known):
        yield told(
            f"{ledger.table}: {name} was recorded while the run went on, and was not to be run",
            _IN_THE_RUN,
        )
