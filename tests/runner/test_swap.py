"""Are the databases renamed, forth and back, whoever lingers in them?"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import database
from runner.outcome import NoGo
from runner.servers import databases, labels, swap
from runner.servers.labels import Mark, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from runner.servers.databases import Database

LABEL = "20261121T133200-ab12"


@pytest.fixture
def live(database18: Callable[..., Dsn]) -> Dsn:
    """The live database."""
    return database18("create table t as select 'old' as name")


@pytest.fixture
def names(live: Dsn, conn: Connection) -> Iterator[Names]:
    """The names of a run; `next` is there, and goes under whatever name it has at last."""
    made = Names(live.dbname, LABEL)
    conn.execute(f"create database {made.next}".encode())
    yield made
    for one in databases.beside(conn, live.dbname).values():
        if one.name in (made.next, made.old, made.failed):
            conn.execute(f'drop database "{one.name}" with (force)'.encode())


@pytest.fixture
def conn(server18: Server) -> Iterator[Connection]:
    """A maintenance connection."""
    with contextlib.closing(database.maintenance(server18.dsn())) as made:
        yield made


def old(conn: Connection, name: str) -> Database:
    """Return the live database as it is."""
    there = databases.named(conn, name)
    assert there is not None
    return there


@contextlib.contextmanager
def coming_back(dsn: Dsn) -> Iterator[None]:
    """Have a client that logs in again whenever it is thrown out, as a pool of connections does."""
    over = threading.Event()

    def stay() -> None:
        while not over.is_set():
            with (
                contextlib.suppress(psycopg.OperationalError),
                contextlib.closing(psycopg.connect(dsn.raw, autocommit=True)) as inside,
            ):
                while not over.wait(0.01):
                    inside.execute("select 1")

    client = threading.Thread(target=stay)
    client.start()
    try:
        yield
    finally:
        over.set()
        client.join()


def test_client_that_comes_back_does_not_keep_the_swap_away(
    conn: Connection, live: Dsn, names: Names
) -> None:
    was = old(conn, live.dbname)

    with coming_back(live):
        swap.forth(conn, names, was, 20, keep_days=3, comment="the shop")
        swapped = databases.beside(conn, live.dbname)
        swap.back(conn, names, was, 20)

    now = databases.beside(conn, live.dbname)
    assert (swapped[names.old].oid, swapped[names.old].allows_connections) == (was.oid, False)
    assert labels.read(swapped[live.dbname].comment) == Mark(LABEL, "swapped", rest="the shop")
    assert now[live.dbname] == was
    assert labels.read(now[names.next].comment) == Mark(LABEL, "building")


def test_new_database_is_kept_where_that_is_wanted(
    conn: Connection, live: Dsn, names: Names
) -> None:
    was = old(conn, live.dbname)
    swap.forth(conn, names, was, 20)

    for _ in range(2):  # it may be repeated
        swap.back(conn, names, was, 20, away=Mark(LABEL, "failed"))

    now = databases.beside(conn, live.dbname)
    assert now[live.dbname] == was
    assert labels.read(now[names.failed].comment) == Mark(LABEL, "failed")
    assert names.next not in now


def test_who_may_not_be_ended_is_named_and_the_way_back_can_be_taken_later(
    conn: Connection, server18: Server, live: Dsn, names: Names
) -> None:
    """A superuser's session in the new database; our role is none."""
    was = old(conn, live.dbname)
    swap.forth(conn, names, was, 20)
    conn.execute("create role mover login createdb password 'mover'")
    for name in (live.dbname, names.old):
        conn.execute(f'alter database "{name}" owner to mover'.encode())
    ours = type(live)(server18.url("postgres", "mover", "mover"))

    with contextlib.closing(database.maintenance(ours)) as weak:
        with contextlib.closing(psycopg.connect(live.raw, application_name="watch")) as inside:
            inside.execute("select 1")
            with pytest.raises(NoGo, match=rf"process {inside.info.backend_pid} of postgres \(wat"):
                swap.back(weak, names, was, 0.1)
            stayed = databases.beside(conn, live.dbname)
        swap.back(weak, names, was, 20)

    assert set(stayed) == {live.dbname, names.old}
    assert old(conn, live.dbname).oid == was.oid
    for name in (live.dbname, names.next):
        conn.execute(f'alter database "{name}" owner to postgres'.encode())
    conn.execute("drop role mover")


def test_target_that_was_not_there_is_gone_again(conn: Connection, names: Names) -> None:
    fresh = Names(f"{names.live}_fresh", LABEL)
    conn.execute(f"create database {fresh.next}".encode())

    swap.forth(conn, fresh, None, 20, comment="of the source")
    there = databases.named(conn, fresh.live)
    swap.back(conn, fresh, None, 20)

    assert there is not None
    assert labels.read(there.comment) == Mark(LABEL, "swapped", rest="of the source")
    assert databases.named(conn, fresh.live) is None
    conn.execute(f"drop database {fresh.next}".encode())
