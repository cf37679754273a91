"""Does a policy never hide a row from a gate?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.conninfo import make_conninfo

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.errors import NotReadable
from gatepost.parity import slices
from tests.conftest import run
from tests.pairs import opened
from tests.relations import BY_RANGE, PLAIN, of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Dsn]


@pytest.fixture
def reader(server18: Any) -> Iterator[Callable[[Dsn], Dsn]]:
    """Return an address as a role that may read, and pass no policy by."""
    run(server18.dsn(), "create role limited login password 'l' in role pg_read_all_data")
    yield lambda dsn: Dsn(make_conninfo(dsn.raw, user="limited", password="l"))
    run(server18.dsn(), "drop role limited")


POLICY = "alter table {} enable row level security; create policy p on {} using (id > 100);"


@pytest.mark.parametrize("tiny", [False, True], ids=["whole", "in slices"])
@pytest.mark.parametrize(
    ("script", "secured"),
    [(PLAIN, "t"), (BY_RANGE, "t"), (BY_RANGE, "t1"), (BY_RANGE, "t2b")],
    ids=["table", "root", "partition", "partition of a partition"],
)
def test_policy_never_hides_a_row(
    database16: Make,
    database18: Make,
    reader: Callable[[Dsn], Dsn],
    monkeypatch: pytest.MonkeyPatch,
    *,
    tiny: bool,
    script: str,
    secured: str,
) -> None:
    """Either the server refuses, or all rows are read: a partition's policy is not the root's."""
    if tiny:
        monkeypatch.setattr(slices, "BYTES", 16 << 10)
    before, after = database16(script), database18(script)
    run(after, POLICY.format(secured, secured))
    with opened(before, reader(after)) as session:
        if secured == "t" and (script == PLAIN or not tiny):
            with pytest.raises(NotReadable, match="row-level security"):
                of(session, "t")
        else:
            compared = of(session, "t")
            assert compared.now is not None
            assert compared.now.rows == 2000
    run(after, "delete from t where id = 7")
    with opened(before, reader(after)) as session, contextlib.suppress(NotReadable):
        assert "id = (7): gone" in of(session, "t").finding


def test_lent_connection_refuses_what_a_policy_would_hide(
    database18: Make, database16: Make, reader: Callable[[Dsn], Dsn]
) -> None:
    after = database18(PLAIN)
    run(after, POLICY.format("t", "t"))
    with (
        opened(database16(PLAIN), reader(after)) as session,
        session.after.lent() as conn,
        pytest.raises(NotReadable, match="row-level security"),
    ):
        database.rows(conn, "select id from public.t")
