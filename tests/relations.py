"""Relations of all sorts, and how a gate is asked about them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from gatepost import settings
from gatepost.names import relation
from gatepost.parity import tables
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.parity.tables import Comparison
    from gatepost.session import Session

SHOP = """
create table goods (id int primary key, name text, price numeric(10, 2));
insert into goods select g, 'name ' || g, g from generate_series(1, 300) as g;
create view cheap as select id, name from goods where price < 100;
create materialized view dear as select id, price from goods where price >= 100;
"""
ROWS = "insert into t select g, 'v' || g, g % 7 from generate_series(1, 2000) as g;"
PLAIN = "create table t (id int primary key, v text, k int);" + ROWS
BY_RANGE = (
    """
create table t (id int primary key, v text, k int) partition by range (id);
create table t1 partition of t for values from (0) to (900);
create table t2 partition of t for values from (900) to (1500) partition by range (id);
create table t2a partition of t2 for values from (900) to (1000);
create table t2b partition of t2 default;
create table t3 partition of t default;
"""
    + ROWS
)


@contextlib.contextmanager
def asked(
    before: Dsn, after: Dsn, *, folder: Path | None = None, **declared: dict[str, Any]
) -> Iterator[Session]:
    """Open a data gate with rules for tables of public."""
    rules = {f"public.{name}": settings.TableRule(**rule) for name, rule in declared.items()}
    with opened(before, after, settings.Project(tables=rules), folder=folder) as session:
        yield session


def planned(session: Session) -> list[str]:
    return [ask.planned.check.subject for ask in session.plan.of("rows")]


def of(session: Session, name: str) -> Comparison:
    return tables.compare(session, relation(f"public.{name}"))
