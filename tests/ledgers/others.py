"""Tables as other runners of migrations make them, and what is told of them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from gatepost import database, names
from gatepost.ledgers import reading
from gatepost.ledgers.declared import Ledger
from gatepost.ledgers.entries import Asked, Entry, Told
from gatepost.ledgers.kinds import KINDS
from gatepost.schema import catalog
from tests.ledgers.rows import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.ledgers.declared import Kind


USERS, NAMES = "create table users (id int);\n", "create view names as select 1;\n"

FLYWAY = """
create table flyway_schema_history (
    installed_rank integer not null constraint flyway_schema_history_pk primary key,
    version varchar(50), description varchar(200) not null, type varchar(20) not null,
    script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
    installed_on timestamp not null default now(), execution_time integer not null,
    success boolean not null
);
create index flyway_schema_history_s_idx on flyway_schema_history (success);
"""


def files(folder: Path, scripts: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in scripts.items():
        (folder / f"{name}.sql").write_bytes(text.encode())


def golang(version: int, dirty: str = "false") -> str:
    """Return the statements by which golang-migrate notes a version."""
    table = "create table schema_migrations (version bigint not null primary key, dirty boolean);"
    return table + golang_row(version, dirty)


def golang_row(version: int, dirty: str = "false") -> str:
    return f"insert into schema_migrations values ({version}, {dirty});"


def revision(folder: Path, name: str, before: str | tuple[str, ...] | None) -> None:
    """Write a revision as Alembic's template does."""
    (folder / f"{name}_x.py").write_text(
        f'"""x"""\nfrom alembic import op\n\nrevision: str = {name!r}\n'
        f"down_revision: str | None = {before!r}\nbranch_labels = None\n\n"
        f"def upgrade() -> None:\n    op.execute('create table {name} ()')\n"
    )


def read(kind: Kind, table: str, dsn: Dsn) -> tuple[Entry, ...]:
    """Return the rows of a ledger."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        ledger = Ledger(kind=kind, table=f"public.{table}")
        return reading.read(conn, ledger, catalog.read(conn)) or ()


def held(kind: Kind, table: str, dsn: Dsn) -> tuple[str, ...]:
    """Return who holds the lock of a ledger."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        known = catalog.read(conn)
        found = known.table(names.relation(f"public.{table}"))
        assert found is not None
        return KINDS[kind].held(conn, found, known)


def told(
    kind: Kind, table: str, dsn: Dsn, folder: Path | None = None, *, pending: bool = False
) -> Told:
    """Return what is told of a ledger in a database."""
    ledger = Ledger(kind=kind, table=f"public.{table}")
    with contextlib.closing(database.read_only(dsn)) as conn:
        known = catalog.read(conn)
        found = known.table(names.relation(ledger.table))
        assert found is not None
        entries = KINDS[kind].read(conn, found)
        holders = KINDS[kind].held(conn, found, known)
    return KINDS[kind].judge(Asked(ledger, entries, folder, pending=pending, held=holders))


def said_of(table: str, found: Told) -> list[str]:
    return [one.removeprefix(f"public.{table}: ") for one in said(found.findings)]
