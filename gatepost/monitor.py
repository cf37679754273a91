"""Through what is a server looked at while others read it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import database

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.dsn import Dsn

# A look that takes longer than this is no look: it would be one more burden.
STATEMENT = 10.0  # seconds


def connect(dsn: Dsn, *, label: str) -> Connection:
    """Return a read-only connection on which every statement sees the present.

    A repeatable-read transaction, which is what facts are read in, would show the tables of one
    moment for ever, and would itself hold vacuum back between two looks.

    :param label: who asks, seen in pg_stat_activity behind `gatepost`.
    :raises CannotConnect: unreachable or refused.
    """
    conn = database.read_only(dsn, label=label, statement=STATEMENT)
    # The session's own default keeps each statement read-only; nothing has begun yet.
    conn.autocommit = True
    return conn
