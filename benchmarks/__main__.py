"""What do the gates cost?  `tox -e bench`: one table per question, medians and their spread."""

from __future__ import annotations

import argparse
import sys

from benchmarks import digest, many_tables, media_paths
from gatepost import embedded


def main() -> None:
    """Measure, and print as Markdown."""
    parser = argparse.ArgumentParser(prog="tox -e bench --", description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000, help="of the wide table")
    parser.add_argument("--tables", type=int, default=1_000, help="of the database of many tables")
    parser.add_argument("--files", type=int, default=10_000, help="of the media")
    parser.add_argument("--times", type=int, default=5, help="how often each is measured")
    given = parser.parse_args()
    with (
        embedded.running(16, durable=False) as before,
        embedded.running(18, durable=False) as after,
    ):
        sys.stdout.write(digest.table(before, given.rows, given.times))
        sys.stdout.write(many_tables.table(before, after, given.tables))
    sys.stdout.write(media_paths.table(given.files, given.times))


if __name__ == "__main__":
    main()
