"""Are a few rows at fault among many named, and no others, whatever the key is made of?"""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.names import Relation
from gatepost.parity import shown, tables
from gatepost.parity.rows import AtFault
from tests.exact.restoring import made, told
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.session import Session

pytestmark = pytest.mark.slow

ROWS = 20_000
AT_FAULT = 6


@dataclass(frozen=True)
class Keyed:
    """A table of many rows.

    :param columns: of the key, declared.
    :param key: SQL for their values in row `g`.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def __repr__(self) -> str:
        return self.name.replace(" ", "_")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the key."""
        return tuple(column.split()[0] for column in self.columns)

    def made(self) -> str:
        """Return the SQL that makes it."""
        columns = ", ".join((*self.columns, "g int", "v text"))
        return f"""
            create table "{self.name}" ({columns}, primary key ({", ".join(self.names)}));
            insert into "{self.name}" {self.rows(f"generate_series(1, {ROWS})")}
        """

    def rows(self, numbers: str) -> str:
        """Return the SQL for rows of given numbers."""
        return f"select {', '.join(self.key)}, g, 'v' || g % 10 from {numbers} as g"


TABLES = (
    Keyed("numbers without gaps", ("id int",), ("g",)),
    Keyed("numbers below 0", ("id smallint",), ("g - 30000",)),
    Keyed("numbers far apart", ("id bigint",), ("g * 461000000000000 - 4611686018427387904",)),
    Keyed("numbers in two heaps", ("id bigint",), ("g + (g % 2) * 9000000000000000000",)),
    Keyed("numbers as a hash gives them", ("id bigint",), ("hashint8extended(g, 1)",)),
    Keyed("text", ("id text",), ("md5(g::text)",)),
    Keyed("text of one beginning", ("id varchar(99)",), ("repeat('x', 50) || g",)),
    Keyed("uuid", ("id uuid",), ("md5(g::text)::uuid",)),
    Keyed("moment", ("at timestamptz",), ("timestamptz '2024-01-01' + g * interval '1 us'",)),
    Keyed("numeric", ("id numeric",), ("g * 0.10",)),
    Keyed("two columns", ("a int", "b text"), ("g % 7", "'b' || g")),
    Keyed(
        "three columns",
        ("a bool", "b date", "c bigint"),
        ("g % 2 = 0", "date '2024-01-01' + g % 99", "g"),
    ),
)


@dataclass(frozen=True)
class Planted:
    """The numbers of rows at fault, by what was done to them."""

    changed: list[int]
    gone: list[int]
    new: list[int]


def planted() -> Planted:
    """Return numbers that are the same at every run."""
    numbers = random.Random(3).sample(range(1, ROWS + 1), 2 * AT_FAULT)  # noqa: S311 - no secret
    return Planted(
        changed=numbers[:AT_FAULT],
        gone=numbers[AT_FAULT:],
        new=[ROWS + 1 + number for number in range(AT_FAULT)],
    )


def damage(table: Keyed, faults: Planted) -> list[str]:
    """Return the SQL that plants the faults, and then moves all other rows."""
    return [
        f"""update "{table.name}" set v = v || ' ' where g = any('{braces(faults.changed)}')""",
        f"""delete from "{table.name}" where g = any('{braces(faults.gone)}')""",
        f"""insert into "{table.name}" {table.rows(f"unnest('{braces(faults.new)}'::int[])")}""",
        f"""create index placed on "{table.name}" (v, g); cluster "{table.name}" using placed""",
        "drop index placed",
    ]


def braces(numbers: list[int]) -> str:
    """Return numbers as the text of an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


@pytest.fixture(scope="module")
def pair(server16: Server, server18: Server) -> Iterator[tuple[Dsn, Dsn]]:
    """All tables on both sides, the after side damaged."""
    with contextlib.ExitStack() as held:
        before, after = (held.enter_context(made(s, "scattered")) for s in (server16, server18))
        for dsn in (before, after):
            told(dsn, (table.made() for table in TABLES))
        for table in TABLES:
            told(after, damage(table, planted()))
        yield before, after


@pytest.fixture(scope="module")
def session(pair: tuple[Dsn, Dsn]) -> Iterator[Session]:
    """One session for all tables."""
    with opened(*pair) as found:
        yield found


def keys(dsn: Dsn, table: Keyed, numbers: list[int]) -> list[str]:
    """Return the keys of rows as a report names them."""
    texts = ", ".join(
        f"({one})::{c.split()[1]}::text" for one, c in zip(table.key, table.columns, strict=True)
    )
    query = f"select array[{texts}] from unnest('{braces(numbers)}'::int[]) as g"
    with contextlib.closing(database.read_only(dsn)) as conn:
        found = conn.execute(query.encode()).fetchall()
    return [f"{', '.join(table.names)} = ({', '.join(map(shown.plain, key))})" for (key,) in found]


@pytest.mark.parametrize("table", TABLES, ids=repr)
def test_rows_at_fault_among_many_are_named_and_no_others(
    session: Session, pair: tuple[Dsn, Dsn], table: Keyed
) -> None:
    faults = planted()
    found = tables.compare(session, Relation("public", table.name)).at_fault

    assert isinstance(found, AtFault)
    assert found.complete
    assert found.counts == {"gone": AT_FAULT, "new": AT_FAULT, "changed": AT_FAULT}
    for kind, numbers in (("gone", faults.gone), ("new", faults.new), ("changed", faults.changed)):
        named = [row.key for row in found.rows if row.kind == kind]
        assert sorted(named) == sorted(keys(pair[0], table, numbers))
    assert {row.columns for row in found.rows if row.kind == "changed"} == {("v",)}
