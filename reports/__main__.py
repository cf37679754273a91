"""Build the HTML report of a gate or of a whole migration: `python -m gatepost.reports FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gatepost import rooms
from gatepost.errors import GatepostError, UsageError

from . import node, page

USAGE = 64
FAILED = 70


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0, 64 for a wrong call, 70 for a failed build."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.prepare and given.folder is None:
        parser.print_usage(sys.stderr)
        return USAGE
    try:
        if given.prepare:
            print(f"ready: {node.prepare(print)}")  # noqa: T201 - a command's output
        if given.folder is not None:
            print(f"report: {page.build_all(given.folder, print)}")  # noqa: T201 - the same
    except GatepostError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the same
        return USAGE if isinstance(error, UsageError) else FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {rooms.module('reports')}",
        description="Build report.html and summary.md anew from the results of a gate or a run.",
        epilog="example: %(prog)s gatepost-runs/2026-08-01-prod",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help="holds a verdict.json (one gate) or a run.json (a migration)",
    )
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="install the report generator now, so that no time is lost to it in the downtime",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
