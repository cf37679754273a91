"""Are all paths of a column read, each once, and in one order on every server?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import database, embedded, media
from gatepost.errors import UsageError
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with embedded.running(16, durable=False) as started:
        yield started


def test_paths_are_distinct_with_their_rows_and_in_the_order_of_their_bytes(server: Server) -> None:
    """Quoted names, NULL, other cases and characters beyond the first plane included."""
    with database.maintenance(server.dsn()) as conn:
        conn.execute('create table public."Message" (id serial, "mediaUrl" varchar(200))')
        conn.execute(
            """insert into public."Message" ("mediaUrl") values
            ('/b.webp'), ('/a.webp'), ('/a.webp'), (null), (''), ('/B.webp'), ('/ä.webp'),
            ('/\U0001f600.webp'), ('/\uff21.webp')"""
        )
    with database.read_only(server.dsn()) as conn:
        found = list(media.paths(conn, Relation("public", "Message"), "mediaUrl"))
        assert [(one.path, one.rows) for one in found] == [
            ("", 1),
            ("/B.webp", 1),
            ("/a.webp", 2),
            ("/b.webp", 1),
            ("/ä.webp", 1),
            ("/\uff21.webp", 1),
            ("/\U0001f600.webp", 1),
        ]
        assert found == sorted(found, key=lambda one: one.path)


def test_more_paths_than_one_piece_are_all_read_and_leaving_early_harms_nothing(
    server: Server,
) -> None:
    with database.maintenance(server.dsn()) as conn:
        conn.execute(
            "create table public.many as select '/m/' || n || '.webp' as url from "
            "generate_series(1, 5000) n"
        )
    with database.read_only(server.dsn()) as conn:
        many = Relation("public", "many")
        begun = media.paths(conn, many, "url")
        next(begun)
        del begun
        assert sum(one.rows for one in media.paths(conn, many, "url")) == 5000
        assert database.value(conn, "select 1") == 1


def test_column_that_is_not_there_is_named_and_the_snapshot_lives(server: Server) -> None:
    with database.read_only(server.dsn()) as conn:
        database.value(conn, "select 1")
        with pytest.raises(UsageError, match=r"no column public\.gone\.url"):
            list(media.paths(conn, Relation("public", "gone"), "url"))
        assert database.value(conn, "select 1") == 1
