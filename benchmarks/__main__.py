"""What do the gates cost?  `tox -e bench`: one table per question, as ratios within one run."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine
from benchmarks.bench import Bench
from gatepost.errors import GatepostError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Claim

# In this order, whatever the order they are asked for in: the last one leaves tables behind that
# are no longer what the others measure upon.
MEASURES = (
    "digest",
    "images",
    "peers",
    "slices",
    "narrowing",
    "many_tables",
    "big_catalog",
    "dump",
    "migration",
    "media_paths",
    "staging",
    "memory",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print as Markdown, keep as JSON; 1 where a claim was not kept at full scale."""
    given = _given(arguments)
    try:
        with contextlib.closing(Bench(given.scale, given.rounds)) as bench:
            claims = _measured(bench, given.measures, given.json)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    broken = sum(not claim.kept for claim in claims)
    _say(f"\n{len(claims) - broken} of {len(claims)} claims kept; load {machine.load()}\n")
    return 1 if broken and given.scale >= 1 else 0


def _measured(bench: Bench, names: Sequence[str], file: Path | None) -> list[Claim]:
    """Print each report as soon as it is there; keep them all in ``file``."""
    kept: dict[str, Any] = {"scale": bench.scale, "rounds": bench.rounds, **machine.facts()}
    kept |= {"load before": machine.load(), "measures": {}}
    facts = ", ".join(f"{name} {value}" for name, value in machine.facts().items())
    _say(f"Scale {bench.scale:g}, {bench.rounds} rounds; {facts}; load {machine.load()}\n")
    claims: list[Claim] = []
    for name in [name for name in MEASURES if name in names]:
        for report in import_module(f"benchmarks.{name}").measure(bench):
            _say(report.markdown())
            kept["measures"].setdefault(name, []).append(report.plain())
            claims += report.claims
            kept["load after"] = machine.load()
            if file:  # anew each time: an hour's numbers do not hang on the last measure
                file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return claims


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}")
    parser.add_argument("--scale", type=float, default=1.0, help="of the data; claims are of 1")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every number of every round")
    given = parser.parse_args(arguments)
    for unknown in set(given.measures) - set(MEASURES):
        parser.error(f"no measure '{unknown}': there are {', '.join(MEASURES)}")
    given.measures = given.measures or MEASURES
    return given


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
