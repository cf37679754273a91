"""Is a session that is lent to others refused, before they are left with our settings?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import make_conninfo

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.errors import CannotConnect
from tests.environments.pooler import lending, pooled

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.embedded import Server


@pytest.mark.parametrize("door", [database.read_only, database.maintenance])
def test_pooler_of_transactions_is_refused_and_left_as_it_was(
    database16: Callable[..., Dsn], door: Callable[[Dsn], database.Connection]
) -> None:
    with lending(database16()) as dsn:
        with pytest.raises(CannotConnect, match="a pooler that lends one session to several"):
            door(dsn)

        with contextlib.closing(database.unpinned(dsn)) as application:
            for name, value in (("default_transaction_read_only", "off"), ("jit", "on")):
                found = database.value(application, "select current_setting(%s)", (name,))
                assert found == value


def test_pooler_of_whole_sessions_is_as_good_as_the_server(server16: Server) -> None:
    with pooled(server16.port) as port:
        dsn = Dsn(make_conninfo(server16.dsn().raw, host="127.0.0.1", port=port))
        with contextlib.closing(database.read_only(dsn)) as conn:
            assert database.value(conn, "show default_transaction_read_only") == "on"
