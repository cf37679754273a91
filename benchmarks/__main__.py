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

if TYPE_CHECKING:
    from collections.abc import Sequence

# In this order, whatever the order they are asked for in: the last one leaves tables behind that
# are no longer what the others measure upon.
MEASURES = (
    "digest",
    "images",
    "peers",
    "slices",
    "narrowing",
    "many_tables",
    "dump",
    "media_paths",
    "memory",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print as Markdown, keep as JSON; 1 where a claim was not kept."""
    given = _given(arguments)
    bench = Bench(given.scale, given.rounds)
    kept: dict[str, Any] = {"scale": given.scale, "rounds": given.rounds, **machine.facts()}
    kept |= {"load before": machine.load(), "measures": {}}
    _say(f"Scale {given.scale:g}, {given.rounds} rounds; {_facts()}; load {machine.load()}\n")
    claims = []
    with contextlib.closing(bench):
        for name in MEASURES:
            if name in given.measures:
                found = kept["measures"].setdefault(name, [])
                for report in import_module(f"benchmarks.{name}").measure(bench):
                    _say(report.markdown())
                    found.append(report.plain())
                    claims += report.claims
    kept["load after"] = machine.load()
    broken = sum(not claim.kept for claim in claims)
    _say(f"\n{len(claims) - broken} of {len(claims)} claims kept; load {machine.load()}\n")
    if given.json:
        given.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if broken else 0


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


def _facts() -> str:
    return ", ".join(f"{name} {value}" for name, value in machine.facts().items())


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
