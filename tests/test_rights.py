"""Is every right that was lost or gained seen, and is the object named?"""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema.declarations import Object
from gatepost.schema.declared import Privileges
from gatepost.schema.privileges import Comparison
from tests.conftest import roles_dropped, run
from tests.rights import Pair, compare, read
from tests.rights_cases import EVERY_KIND, LOST, OF_ROLES, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def alike(server16: Server, server18: Server) -> Iterator[Pair]:
    """Two databases that hold one of every kind, for tests that leave them as they are."""
    with contextlib.ExitStack() as held:
        yield Pair(*(held.enter_context(_made(server)) for server in (server16, server18)))


@contextlib.contextmanager
def _made(server: Server) -> Iterator[Dsn]:
    with roles_dropped(server), contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("create database rights template template0")
        try:
            run(server.dsn("rights"), ROLES + EVERY_KIND)
            yield server.dsn("rights")
        finally:
            conn.execute("drop database rights with (force)")


@pytest.mark.parametrize(
    ("subject", "damage", "says"), LOST, ids=[f"{says.splitlines()[0]}"[:60] for *_, says in LOST]
)
def test_right_that_differs_is_found_and_named(
    alike: Pair, subject: str, damage: str, says: str
) -> None:
    was, now = alike.was, alike.damaged(damage)
    compared = Comparison(was, now, Privileges())

    assert says in compared.of(subject).told
    assert compare(subject, now, was).findings, "the other way round"
    elsewhere = set(compared.subjects) - {subject, "roles"}
    assert [compared.of(one).findings for one in elsewhere] == [()] * len(elsewhere)


@pytest.mark.parametrize(("damage", "says"), OF_ROLES, ids=[damage for damage, _ in OF_ROLES])
def test_role_that_differs_is_found_and_named(alike: Pair, damage: str, says: str) -> None:
    assert says in compare("roles", alike.was, alike.damaged(damage)).told


def test_grant_on_a_setting_is_found(alike: Pair) -> None:
    now = alike.damaged("grant set on parameter work_mem to boss")

    assert compare("database", alike.was, now).told == (
        "role boss: set only after on parameter work_mem\n"
        "  mend: revoke set on parameter work_mem from boss;"
    )


def test_superuser_of_another_name_is_the_same_owner(alike: Pair) -> None:
    was, now = alike.was, read(alike.after)
    named = tuple(_renamed(one, "postgres", "cloud admin") for one in now)

    for compared in (Comparison(was, named, Privileges()), Comparison(named, was, Privileges())):
        assert not any(compared.of(subject).findings for subject in compared.subjects)


def _renamed(one: Object, name: str, other: str) -> Object:
    attributes = json.dumps(one.attributes).replace(f'"{name}"', f'"{other}"')
    identity = re.sub(rf"\b{name}\b", f'"{other}"', one.identity)
    return Object(identity, one.kind, json.loads(attributes))


def test_facts_are_the_same_after_being_stored(alike: Pair) -> None:
    facts = alike.was

    stored = tuple(
        Object(one.identity, one.kind, json.loads(json.dumps(one.attributes))) for one in facts
    )

    assert stored == facts
    assert len({one.identity for one in facts}) == len(facts)
