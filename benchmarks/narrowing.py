"""Does it cost more than reading a table twice to name ten rows in it?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks import clock, data, ours
from benchmarks.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.data import Pair
    from benchmarks.ours import Compared

_CHANGED = 10
_TWICE = 2.0


def measure(bench: Bench) -> Iterator[Report]:
    """Measure the digests of an equal pair, and digests and names where rows were changed."""
    pair = bench.pair("narrow")
    runs = {
        "equal": partial(ours.compare, pair.relation, pair.before, pair.after),
        "changed": partial(_changed, pair),
    }
    took = clock.in_turns(runs, bench.rounds)
    equal = clock.spread(one.read for one in took["equal"])
    read = clock.spread(one.read for one in took["changed"])
    both = clock.spread(one.read + one.named for one in took["changed"])
    yield Report(
        f"{_CHANGED} changed rows named: {pair}",
        ("asked", "s", "/ equal"),
        (
            ("digests, equal", equal, equal.over(equal)),
            ("digests, not equal", read, read.over(equal)),
            ("digests and names, not equal", both, both.over(equal)),
        ),
        (Claim("digests and names / digests of an equal pair", both.over(equal), _TWICE),),
    )


def _changed(pair: Pair) -> Compared:
    with data.changed(pair, _CHANGED):
        found = ours.compare(pair.relation, pair.before, pair.after)
    if found.faults != _CHANGED:
        raise RuntimeError(f"{_CHANGED} rows were changed, {found.faults} found")
    return found
