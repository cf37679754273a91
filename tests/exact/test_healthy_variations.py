"""Does what differs without damage stay quiet, in rows and in columns?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost.names import Relation
from gatepost.parity import tables
from tests.exact.columns import TYPES
from tests.exact.healthy_declarations import DECLARED
from tests.exact.healthy_variations import STORED, Variation
from tests.exact.restoring import made, told
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.session import Session

pytestmark = pytest.mark.slow

VARIATIONS = (*STORED, *DECLARED)


@pytest.fixture(scope="module")
def session(server16: Server, server18: Server) -> Iterator[Session]:
    """All variations, each in a schema of its own."""
    with contextlib.ExitStack() as held:
        before, after = (held.enter_context(made(s, "healthy")) for s in (server16, server18))
        told(before, [TYPES])
        told(after, [TYPES])
        for variation in VARIATIONS:
            prepare(before, variation, variation.before)
            prepare(after, variation, variation.after)
        yield held.enter_context(opened(before, after))


def prepare(dsn: Dsn, variation: Variation, statements: Sequence[str]) -> None:
    """Make a variation's table in a database, and vary it."""
    schema = sql.SQL("create schema {}").format(sql.Identifier(variation.name))
    told(dsn, [schema, variation.both, *statements], variation.name)


def assert_quiet(session: Session, relation: Relation) -> None:
    """Whatever could say something of a relation says nothing."""
    found = tables.compare(session, relation)

    assert found.was is not None
    assert found.was == found.now
    assert (found.alike, found.finding, found.damage) == (True, "", ())


def test_variations_are_thirty_and_more() -> None:
    assert len({variation.name for variation in VARIATIONS}) == len(VARIATIONS) >= 30


@pytest.mark.parametrize("variation", VARIATIONS, ids=repr)
def test_variation_stays_quiet(session: Session, variation: Variation) -> None:
    assert_quiet(session, Relation(variation.name, variation.table))
