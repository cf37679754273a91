"""What did the before side hold under the dump's snapshot?  Read while the dump runs.

`python -m gatepost.prefetch` puts the catalog and the digests of the before side where the data
gate looks for them, so that the window pays for one side only.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, digests, hashes, project_file, session
from gatepost.errors import GatepostError
from gatepost.relations import COMPARED
from gatepost.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.settings import Settings


def fetch(chosen: Settings, snapshot: str, facts: Path) -> int:
    """Read the facts of the before side under ``snapshot``; return the number of relations.

    One connection: the dump has the others, and a scan beside it is mostly served from memory.
    """
    side = Side("before", chosen.before, session.before_store(facts, snapshot), snapshot=snapshot)
    with contextlib.closing(side):
        other = database.read_only(session.maintenance(chosen.after), label="prefetch")
        with contextlib.closing(other):
            method = hashes.agree(side.answers, functools.partial(hashes.answers, other)).hash
        tables = [
            table
            for table in side.catalog.tables
            if table.kind in COMPARED and not table.is_partition
        ]
        _ = side.info, side.positions
        for table in tables:
            side.digest(digests.readings(table, table, method=method)[0])
    return len(tables)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and fetch; 0 if all was read, 1 with one line if not."""
    parser = argparse.ArgumentParser(prog="python -m gatepost.prefetch", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path.cwd())
    parser.add_argument("--target", default=os.environ.get("GATEPOST_TARGET", ""))
    parser.add_argument("--snapshot", required=True)
    parser.add_argument("--facts", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        chosen = project_file.load(
            given.project.resolve(), given.target, os.environ.get("GATEPOST_SOURCE", "")
        )
        count = fetch(chosen, given.snapshot, given.facts)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{count} relations read\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
