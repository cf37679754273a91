"""How large does the process that compares become, whatever the tables hold?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from benchmarks import clock, data, ours
from benchmarks.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread
    from benchmarks.data import Pair

_MEGABYTES = 120.0
_SHARES = {"equal": 0.0, "one row in a thousand changed": 0.001, "one in ten": 0.1}


def measure(bench: Bench) -> Iterator[Report]:
    """Measure each once: the peak of a process is hardly a matter of chance.

    What was changed here is changed back, but has left dead rows behind.
    """
    pairs = [bench.pair(name) for name in ("wide", "narrow", "megabytes")]
    peaks = [_peaks(pair) for pair in pairs]
    largest = max(peak.most for found in peaks for peak in found)
    yield Report(
        "Memory of the comparing process, MB",
        ("table", *_SHARES),
        tuple((str(pair), *found) for pair, found in zip(pairs, peaks, strict=True)),
        (Claim("MB, the largest of all", clock.spread([largest]), _MEGABYTES),),
    )


def _peaks(pair: Pair) -> list[Spread]:
    found = []
    for share in _SHARES.values():
        rows = max(round(pair.rows * share), 1) if share else 0
        with data.changed(pair, rows) if rows else contextlib.nullcontext():
            compared = ours.compare(pair.relation, pair.before, pair.after)
        found.append(clock.spread([compared.peak]))
    return found
