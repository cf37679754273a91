"""How is an example's data made by hand, from the command line?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from gatepost.errors import GatepostError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def parser(description: str | None, seed: int) -> argparse.ArgumentParser:
    """Return what every generator takes: how much, and which chance."""
    made = argparse.ArgumentParser(
        prog="generate", description=(description or "").partition("\n")[0]
    )
    made.add_argument("--scale", type=int, default=1, metavar="N")
    made.add_argument("--seed", type=int, default=seed, metavar="N")
    return made


def run(
    parser: argparse.ArgumentParser,
    generate: Callable[[argparse.Namespace], Mapping[str, int]],
    arguments: list[str] | None,
) -> int:
    """Read the command line, generate, and say what there is."""
    given = parser.parse_args(arguments)
    if given.scale < 1:
        parser.error("--scale counts copies: 1 or more")
    try:
        counts = generate(given)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, count in counts.items():
        sys.stdout.write(f"{count:>9,} {name}\n")
    return 0
