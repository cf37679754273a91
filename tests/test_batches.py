"""Does each of many questions get its own answer, and does one that fails spare the others?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import batches, database

if TYPE_CHECKING:
    from gatepost.embedded import Server

NUMBER = sql.SQL("select {n} * 2, {n}::pg_catalog.numeric")


def queries(count: int) -> dict[int, sql.Composed]:
    """Return as many questions, each named by its own answer."""
    return {n: NUMBER.format(n=sql.Literal(n)) for n in range(count)}


def test_each_question_gets_its_own_answer(server16: Server) -> None:
    with contextlib.closing(database.read_only(server16.dsn())) as conn:
        found = batches.asked(conn, queries(250))

    assert found == {n: (n * 2, n) for n in range(250)}


def test_nothing_is_asked_where_there_is_no_question(server16: Server) -> None:
    with contextlib.closing(database.read_only(server16.dsn())) as conn:
        assert batches.asked(conn, {}) == {}


def test_question_that_fails_spares_other_statements_and_the_snapshot(server16: Server) -> None:
    asked = queries(250) | {120: sql.SQL("select 1, 1 / pg_catalog.length('')::numeric").format()}
    with contextlib.closing(database.read_only(server16.dsn())) as conn:
        moment = "select pg_catalog.pg_current_snapshot()::text, pg_catalog.now()"
        before = database.rows(conn, moment)
        found = batches.asked(conn, asked)
        after = database.rows(conn, moment)

    assert set(found) == {*range(100), *range(200, 250)}
    assert after == before
