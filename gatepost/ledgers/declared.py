"""Which record of applied migrations did the project declare?"""

from __future__ import annotations

from typing import Literal, get_args

from gatepost.record import Record

Kind = Literal["prisma", "sql", "alembic", "flyway", "golang-migrate", "liquibase"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Ledger(Record):
    """Where the record of applied migrations is, who keeps it, and the files it speaks of.

    :param kind: `sql` is any table with a row for each file, ours among them.
    :param files: the folder of the migrations; against none, only the rows are judged.
    :param again: migrations that were rolled back, and are to run once more.
    """

    kind: Kind
    table: str
    files: str = ""
    again: tuple[str, ...] = ()
