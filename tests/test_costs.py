"""Is it known beforehand what comparing costs: from statistics, a sample, or an earlier run?"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import costs, database, history, session, settings
from gatepost.costs import Cost, Estimate
from gatepost.handover import Request
from gatepost.history import Measured, Pair
from gatepost.names import Relation
from gatepost.origin import Source
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.parity.readings import Reading
    from gatepost.session import Session

    Make = Callable[..., Dsn]

EVENTS = Relation("public", "events")
SMALL = Relation("public", "small")
SCHEMA = """
create table events (id int primary key, note text);
insert into events select g, repeat('x', 150) from generate_series(1, 20000) g;
create table small (id int primary key);
insert into small values (1), (2);
"""
PAIR = Pair("shop", "prod", "shop")


@contextlib.contextmanager
def opened(
    before: Dsn, after: Dsn, out: Path, project: settings.Project | None = None
) -> Iterator[Session]:
    """Open a data gate's session whose verdict would lie in ``out``."""
    chosen = settings.Settings(
        project=project or settings.Project(),
        folder=Path.cwd(),
        target_name="test",
        target=settings.Target(url=after.raw),
        source=Source(url=before.raw),
    )
    found = session.begin(chosen, Request(gate="data", out=out))
    try:
        yield found
    finally:
        found.close()


def of(estimate: Estimate, relation: Relation) -> Cost:
    """Return the cost of a relation that has one."""
    found = estimate.of(relation)
    assert found is not None
    return found


def test_rows_and_bytes_are_those_of_the_catalog(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SCHEMA), database18(SCHEMA)
    run(before, "analyze")
    with opened(before, after, tmp_path) as gate:
        cost = of(costs.estimate(gate), EVENTS)
        sizes = [
            database.value(
                side.connection, "select pg_catalog.pg_total_relation_size('public.events')"
            )
            for side in (gate.before, gate.after)
        ]

    assert cost.bytes == max(sizes)
    assert 20_000 <= cost.rows < 30_000
    assert cost.basis == "rate"
    assert cost.seconds == pytest.approx(cost.bytes * costs.RATE, abs=0.002)
    assert cost.statement is None


def test_rows_of_a_table_that_was_never_analysed_come_from_its_pages(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    with opened(database16(SCHEMA), database18(SCHEMA), tmp_path) as gate:
        table = gate.before.catalog.table(EVENTS)
        cost = of(costs.estimate(gate), EVENTS)

    assert table is not None
    assert table.rows_estimate == -1
    assert 10_000 < cost.rows < 80_000


def test_partitions_count_for_their_root(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    script = """
        create table events (id int) partition by range (id);
        create table low partition of events for values from (0) to (10000);
        create table high partition of events for values from (10000) to (90000);
        insert into events select generate_series(0, 19999);
        analyze events, low, high;
    """
    with opened(database16(script), database18(script), tmp_path) as gate:
        (cost,) = costs.estimate(gate).costs

    assert (cost.relation, cost.rows) == (EVENTS, 20_000)
    assert cost.bytes > 20_000 * 28


def test_table_of_one_side_costs_nothing(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    with opened(database16(SCHEMA), database18("create table small (id int)"), tmp_path) as gate:
        assert [cost.relation for cost in costs.estimate(gate).costs] == [SMALL]


def test_large_table_is_probed_and_its_rate_is_that_of_the_others(
    database16: Make, database18: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "PROBED", 1 << 20)
    monkeypatch.setattr(costs, "PERCENT", 20.0)
    with opened(database16(SCHEMA), database18(SCHEMA), tmp_path) as gate:
        found = costs.estimate(gate, ask=True)
        began = time.monotonic()
        for side, reading in zip((gate.before, gate.after), _readings(gate), strict=True):
            side.digest(reading)
        taken = time.monotonic() - began

    large, small = of(found, EVENTS), of(found, SMALL)
    assert (large.basis, small.basis) == ("probe", "rate")
    assert taken / 20 < large.seconds < taken * 20
    assert small.seconds == pytest.approx(
        costs.STATEMENT + small.bytes * large.seconds / large.bytes
    )


def _readings(gate: Session) -> tuple[Reading, Reading]:
    found = gate.compared(EVENTS).readings
    assert found is not None
    return found


def test_planners_cost_is_told_and_nothing_is_read_for_it(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    with opened(database16(SCHEMA), database18(SCHEMA), tmp_path) as gate:
        found = costs.estimate(gate, ask=True)

    large, small = of(found, EVENTS).statement, of(found, SMALL).statement
    assert large is not None
    assert small is not None
    assert large > 10 * small > 0


def test_estimate_does_without_what_the_role_may_not_read(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SCHEMA), database18(SCHEMA)
    name = after.dbname
    run(after, f"create role {name} login password 'secret'; grant select on small to {name}")
    address = f"postgresql://{name}:secret@127.0.0.1:{after.parameters['port']}/{name}"
    with opened(before, dataclasses.replace(after, raw=address), tmp_path) as gate:
        found = costs.estimate(gate, ask=True)
    run(after, f"drop owned by {name}; drop role {name}")

    assert (of(found, EVENTS).basis, of(found, EVENTS).statement) == ("rate", None)
    assert of(found, SMALL).statement is not None


def test_what_one_run_measured_is_the_estimate_of_the_next(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SCHEMA), database18(SCHEMA)
    with opened(before, after, tmp_path) as gate:
        for side, reading in zip((gate.before, gate.after), _readings(gate), strict=True):
            side.digest(reading)
        taken = [
            history.noted(side.store.folder)[str(EVENTS)] for side in (gate.before, gate.after)
        ]
        costs.remember(gate)
    with opened(before, after, tmp_path) as gate:
        found = costs.estimate(gate)

    cost = of(found, EVENTS)
    assert cost.basis == "earlier run"
    assert cost.seconds == pytest.approx(max(taken))
    assert of(found, SMALL).basis == "rate"


def test_table_that_has_grown_costs_more_than_it_did(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SCHEMA), database18(SCHEMA)
    pair = Pair("unnamed", "test", before.dbname)
    with opened(before, after, tmp_path) as gate:
        size = of(costs.estimate(gate), EVENTS).bytes
        history.write(tmp_path, pair, {str(EVENTS): Measured(size // 2, 7.0)})
        cost = of(costs.estimate(gate), EVENTS)

    assert cost.basis == "earlier run"
    assert cost.seconds == pytest.approx(14.0, rel=0.01)


@pytest.mark.parametrize(
    "other", [Pair("other", "prod", "shop"), Pair("shop", "dev", "shop"), Pair("shop", "prod", "x")]
)
def test_run_of_another_project_target_or_source_tells_nothing(tmp_path: Path, other: Pair) -> None:
    history.write(tmp_path, other, {"public.a": Measured(1, 1.0)})

    assert history.read(tmp_path, "", PAIR) == {}


def test_relation_that_was_not_read_again_keeps_what_was_measured(tmp_path: Path) -> None:
    one, two = Measured(1, 1.0), Measured(2, 2.0)
    history.write(tmp_path, PAIR, {"public.a": one, "public.b": one})
    history.write(tmp_path, PAIR, {"public.b": two})

    assert history.read(tmp_path, "", PAIR) == {"public.a": one, "public.b": two}


def test_garbled_history_is_none(tmp_path: Path) -> None:
    (tmp_path / history.FILE).write_text("{")

    assert history.read(tmp_path, "", PAIR) == {}


def test_run_of_the_runner_finds_the_history_of_the_run_before(tmp_path: Path) -> None:
    earlier, later = tmp_path / "run1" / "data", tmp_path / "run2" / "data"
    for folder in (earlier, later):
        folder.mkdir(parents=True)
    history.write(earlier, PAIR, {"public.a": Measured(1, 1.0)})

    assert "public.a" in history.read(later, "run2", PAIR)
    assert history.read(later, "", PAIR) == {}  # whose folders lie beside it is not known


def test_slices_of_a_relation_are_noted_one_by_one_and_failures_not(tmp_path: Path) -> None:
    began = time.monotonic()
    with contextlib.closing(history.Notes(tmp_path)) as notes:
        for _ in range(3):
            with notes.timed(SMALL):
                time.sleep(0.01)
        with contextlib.suppress(ZeroDivisionError), notes.timed(SMALL):
            _ = 1 / 0
    whole = time.monotonic() - began

    assert 0.03 <= history.noted(tmp_path)[str(SMALL)] <= whole
    assert len((tmp_path / history.NOTES).read_text().splitlines()) == 3


def test_estimate_says_how_much_how_long_and_what_is_longest() -> None:
    large = Cost(EVENTS, 40_000_000, 2_254_857_830, 36.0, "probe")
    found = Estimate((Cost(SMALL, 2, 8192, 0.001, "rate"), large), connections=4)

    assert str(found).splitlines() == [
        "2 relations, 2.1 GB, 40 million rows: about 9.0 s with 4 connections",
        "the longest: public.events 2.1 GB about 9.0 s, public.small 8.0 kB about 0 ms",
    ]


def test_what_matters_is_first_and_of_that_the_cheap(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    rules = {
        "public.events": settings.TableRule(priority="critical"),
        "public.small": settings.TableRule(priority="optional"),
    }
    more = f"{SCHEMA} create table other (id int); create table empty (id int);"
    more += "insert into other select generate_series(1, 5000)"
    sides = (database16(more), database18(more))
    with opened(*sides, tmp_path, settings.Project(tables=rules)) as gate:
        known = costs.estimate(gate)
        ordered = sorted(gate.plan.of("rows"), key=lambda ask: costs.rank(ask, known))

    names = [ask.planned.check.subject for ask in ordered]
    assert names == ["public.events", "public.empty", "public.other", "public.small"]
