"""Who may have written a ledger, and how does each of them read?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatepost.database import Connection
from gatepost.ledgers import alembic, flyway, golang_migrate, liquibase, plain, prisma, prisma_files
from gatepost.ledgers import declared as kinds
from gatepost.ledgers.entries import Asked, Entry, Told
from gatepost.migrations.chain import Chain, File
from gatepost.schema.catalog import Catalog, Table


@dataclass(frozen=True)
class Kind:
    """How the ledger of one runner is read.

    :param read: yields its rows.
    :param held: yields who holds the lock under which it is written, at this moment.
    :param judge: yields what is wrong with the rows and the files.
    :param pending: of a chain of SQL files, yields those that its runner would run; None where
        the migrations are no such files.
    :param columns: by which its table is known; none where nobody else's could be told from it.
    """

    read: Callable[[Connection, Table], tuple[Entry, ...]]
    held: Callable[[Connection, Table, Catalog], tuple[str, ...]]
    judge: Callable[[Asked], Told]
    pending: Callable[[Sequence[Entry], Chain], tuple[File, ...]] | None = None
    columns: frozenset[str] = frozenset()


KINDS: dict[kinds.Kind, Kind] = {
    "prisma": Kind(prisma.read, prisma.held, prisma.judge, prisma_files.pending, prisma.COLUMNS),
    "flyway": Kind(flyway.read, flyway.held, flyway.judge, flyway.pending, flyway.COLUMNS),
    "golang-migrate": Kind(
        golang_migrate.read,
        golang_migrate.held,
        golang_migrate.judge,
        golang_migrate.pending,
        golang_migrate.COLUMNS,
    ),
    "liquibase": Kind(liquibase.read, liquibase.held, liquibase.judge, columns=liquibase.COLUMNS),
    "alembic": Kind(alembic.read, alembic.held, alembic.judge, columns=alembic.COLUMNS),
    "sql": Kind(plain.read, plain.held, plain.judge, plain.pending),
}
