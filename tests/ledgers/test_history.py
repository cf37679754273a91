"""Is it seen who is at work, and what a ledger has lost?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from gatepost import database, names
from gatepost.ledgers import locks, shrinking
from gatepost.ledgers.declared import Ledger
from gatepost.ledgers.entries import Entry
from tests.ledgers.others import FLYWAY, golang, held, revision
from tests.ledgers.rows import said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.ledgers.declared import Kind

    Make = Callable[..., Dsn]


def test_locks_of_others_are_seen_while_they_hold_them(database16: Make) -> None:
    """By the keys that they ask the server for; nobody can tell whether Alembic is at work."""
    made: dict[Kind, tuple[str, str]] = {
        "prisma": ("_prisma_migrations", "create table _prisma_migrations (id text);"),
        "flyway": ("flyway_schema_history", FLYWAY),
        "golang-migrate": ("schema_migrations", golang(1)),
    }
    dsn = database16("".join(script for _, script in made.values()))
    flyways = names.relation("public.flyway_schema_history")
    migrates = names.relation("public.schema_migrations")
    keys = {
        "prisma": 72707369,
        "flyway": locks.flyway(flyways),
        "golang-migrate": locks.golang_migrate(migrates, dsn.dbname)[1],
    }
    for kind, (table, _) in made.items():
        assert held(kind, table, dsn) == ()
        with contextlib.closing(database.maintenance(dsn, label="other")) as other:
            other.execute("select pg_catalog.pg_advisory_lock(%s)", (keys[kind],))
            (holder,) = held(kind, table, dsn)
            assert holder == f"pid {other.info.backend_pid} (gatepost other)"


def test_what_is_gone_since_is_told_of_each_kind(tmp_path: Path) -> None:
    """P7: truncated, and filled again as if all had been applied."""
    was = (Entry("1", "a", "x"), Entry("2", "b", "y"), Entry("3", "c", "z"))
    anew = (Entry("7", "a", "x"), Entry("2", "b", "other"), Entry("3", "c", "z", "rolled back"))

    assert since("prisma", was, anew) == [
        "1 row gone, and 1 name of them written anew: a (then)",
        "the row of b was rewritten (then)",
        "c was applied, and is rolled back (then)",
    ]
    assert since("prisma", was, (*was, Entry("4", "d"))) == []
    assert since("prisma", (*was, Entry("4", "d", "w", "failed")), was) == []
    undone = (*was[:2], Entry("3", "c", "z", "taken back"))
    assert since("flyway", was, undone) == []
    lower = (Entry("7", "7"),), (Entry("5", "5"),)
    assert since("golang-migrate", *lower) == ["it was at version 7, and is at 5 (then)"]
    revision(tmp_path, "a1", None)
    revision(tmp_path, "b2", "a1")
    before, after = (Entry("b2", "b2"),), (Entry("a1", "a1"),)
    assert since("alembic", before, after, tmp_path) == [
        "b2 had been applied, and by its rows is not any more (then)"
    ]
    assert since("alembic", after, before, tmp_path) == []


def test_way_back_is_told_from_a_history_that_was_lost() -> None:
    """Of runners that delete the row of what they take back, the last ones may go."""
    one, two, three = (Entry(name, name, "x") for name in "abc")
    was = (one, two, three)

    assert is_way_back("sql", was, (one, two))
    assert is_way_back("liquibase", was, (one,))
    assert is_way_back("golang-migrate", (Entry("3", "3"),), (Entry("2", "2"),))
    assert not is_way_back("sql", was, ())
    assert not is_way_back("sql", was, (one, three))
    assert not is_way_back("sql", was, (one, Entry("b", "b", "rewritten")))
    assert not is_way_back("prisma", was, (one, two))


def is_way_back(kind: Kind, was: tuple[Entry, ...], now: tuple[Entry, ...]) -> bool:
    """Return what is told of a ledger of that kind."""
    return shrinking.is_way_back(Ledger(kind=kind, table="public.t"), was, now)


def since(
    kind: Kind, was: tuple[Entry, ...], now: tuple[Entry, ...], folder: Path | None = None
) -> list[str]:
    """Return what is gone."""
    ledger = Ledger(kind=kind, table="public.t")
    found = shrinking.since(ledger, was, now, when="then", hint="a way out", folder=folder)
    return [one.removeprefix("public.t: ") for one in said(found)]
