"""How much faster is one big table read by two connections than by one?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks import bench as shared
from benchmarks import clock, data, ours
from benchmarks.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread
    from benchmarks.data import Pair
    from gatepost.dsn import Dsn

_FASTER = 1.7


def measure(bench: Bench) -> Iterator[Report]:
    """Measure one side against an empty table, so that it has all cores; then both sides.

    The servers start no parallel workers of their own: one connection keeps one core busy.
    """
    pair = bench.pair("wide")
    empty = shared.create(bench.after, "empty")
    data.make(empty, pair.dataset, 0)
    alone = _read(pair, pair.before, empty, bench.rounds)
    both = _read(pair, pair.before, pair.after, bench.rounds)
    gain = alone[0].over(alone[1])
    yield Report(
        f"Digest by slices: {pair}",
        ("read", "one connection, s", "two, s", "one / two"),
        (
            ("one side", *alone, gain),
            ("both sides at once", *both, both[0].over(both[1])),
        ),
        (Claim("one side, one connection / two", gain, _FASTER, at_least=True),),
        ("Both sides at once keep two cores busy with one connection each.",),
    )


def _read(pair: Pair, before: Dsn, after: Dsn, rounds: int) -> tuple[Spread, Spread]:
    """Return the seconds for the digests by one connection for each side, and by two."""
    one, two = (
        partial(
            ours.compare,
            pair.relation,
            shared.alone(before),
            shared.alone(after),
            connections=connections,
            only_read=True,
        )
        for connections in (1, 2)
    )
    took = clock.in_turns({"one": one, "two": two}, rounds)
    return clock.spread(at.read for at in took["one"]), clock.spread(at.read for at in took["two"])
