"""Rows as Prisma writes them, its folder of migrations, and what is told of both."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from gatepost.ledgers.declared import Ledger
from gatepost.ledgers.entries import Asked, Entry
from gatepost.ledgers.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gatepost.ledgers.declared import Kind
    from gatepost.ledgers.entries import State, Told

TABLE = "public._prisma_migrations"
PRISMA = """
create table _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0
);
"""
BEGAN = dt.datetime(2025, 8, 16, 21, 34, tzinfo=dt.UTC)


def sha256(text: str) -> str:
    """Return the checksum of a script."""
    return hashlib.sha256(text.encode()).hexdigest()


def row(name: str, text: str = "", state: State = "applied", **changed: Any) -> Entry:
    """Return the row of a migration whose script was ``text``."""
    unfinished = state in ("failed", "unfinished", "rolled back")
    known: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {state} {text}")),
        "checksum": sha256(text),
        "started": BEGAN,
        "finished": None if unfinished else BEGAN + dt.timedelta(seconds=1),
    }
    return Entry(name=name, state=state, **(known | changed))


def prisma_folder(folder: Path, scripts: Mapping[str, str]) -> Path:
    """Return a folder with a script for each migration."""
    for name, text in scripts.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "migration.sql").write_bytes(text.encode())
    folder.mkdir(exist_ok=True)
    return folder


def judged(
    entries: Sequence[Entry],
    folder: Path | None = None,
    *,
    kind: Kind = "prisma",
    again: tuple[str, ...] = (),
    **known: Any,
) -> Told:
    """Return what is told of a ledger."""
    ledger = Ledger(kind=kind, table=TABLE, again=again)
    return KINDS[kind].judge(Asked(ledger, entries, folder, **known))


def said(findings: Sequence[str]) -> list[str]:
    """Return findings without the table's name in front, and without the way out."""
    assert all("\n  hint: " in one for one in findings), "each has a way out"
    return [one.partition("\n")[0].removeprefix(f"{TABLE}: ") for one in findings]


def prisma_table(*rows: Entry) -> str:
    """Return the statements that make Prisma's table, and rows that ran to their end."""
    values = ", ".join(
        f"('{one.id}', '{one.checksum}', '{one.finished}', '{one.name}', null, null,"
        f" '{one.started}', {int(one.state == 'applied')})"
        for one in rows
    )
    return PRISMA + (f"insert into _prisma_migrations values {values};" if rows else "")
