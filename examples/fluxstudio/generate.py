"""How do the studio's files come to be: six JSON files, and what was uploaded?

    python -m examples.fluxstudio.generate --data data --uploads uploads

The same seed gives the same bytes.  `--scale 1000` gives a thousand copies of the studio, one
million messages among them, written one record after the other: no more than one copy is ever in
memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examples import generating
from examples.fluxstudio import people, talk, work
from examples.fluxstudio.world import SEED, World
from gatepost.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping

Json = dict[str, Any]

COLLECTIONS: dict[str, Callable[[World], Iterator[Json]]] = {
    "users": people.users,
    "teams": people.teams,
    "projects": work.projects,
    "files": work.files,
    "channels": talk.channels,
    "messages": talk.messages,
}


def generate(
    folder: Path, uploads: Path | None = None, scale: int = 1, seed: int = SEED
) -> dict[str, int]:
    """Write `users.json` and the five others into ``folder``, and what was uploaded into another.

    :param scale: how many copies.
    :return: the number of records by file.
    :raises UsageError: one of the files is there already; nothing was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in COLLECTIONS:
        if (folder / f"{name}.json").exists():
            raise UsageError(
                f"{name}.json is there already: it may be the only one",
                hint="generate into an empty folder",
            )
    counts = {
        name: write(folder / f"{name}.json", name, _records(make, scale, seed))
        for name, make in COLLECTIONS.items()
    }
    if uploads is not None:
        _upload(uploads, _records(work.files, scale, seed))
    return counts


def write(file: Path, top: str, records: Iterable[Json]) -> int:
    """Write an object with one array, a record a line; return how many."""
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"{top}":[')
        for count, record in enumerate(records, start=1):
            out.write("\n" if count == 1 else ",\n")
            json.dump(record, out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n]}\n" if count else "]}\n")
    return count


def _records(make: Callable[[World], Iterator[Json]], scale: int, seed: int) -> Iterator[Json]:
    for copy in range(scale):
        yield from make(World(seed, copy))


def _upload(folder: Path, records: Iterator[Json]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for record in records:
        name = record["filename"]
        (folder / name).write_bytes(work.content(name))


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, generate, and say what there is."""
    parser = generating.parser(__doc__, SEED)
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--uploads", type=Path, metavar="FOLDER")

    def made(given: argparse.Namespace) -> Mapping[str, int]:
        return generate(given.data, given.uploads, given.scale, given.seed)

    return generating.run(parser, made, arguments)


if __name__ == "__main__":
    sys.exit(main())
