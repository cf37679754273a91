"""How many of a list of schema differences do the questions see, and do they stay quiet on twins?

    python -m benchmarks.schema_score FILE [--version 16|18] [--bin FOLDER]
        [--group NAME …] [--findings]

``FILE`` is Python with a list ``P`` of dictionaries: `id`, `group`, `common` (SQL that both sides
share), `a` and `b` (SQL that each has alone).  They may also have `min`, the version that the SQL
takes; `createdb`, options of CREATE DATABASE for either side; and `contrib`, where it takes
extensions that only some builds have.  A pair of the group EQUAL must be called alike.
"""

from __future__ import annotations

import argparse
import contextlib
import runpy
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks import schema_pairs
from benchmarks.schema_pairs import Pair
from benchmarks.schema_questions import ASKED, Facts
from gatepost import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.embedded import Server
    from gatepost.schema.differences import Differences

EQUAL = "EQUAL"
# What a server says of a clause or a parameter that came with a later version.
_BEYOND = (
    psycopg.errors.SyntaxError,
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.InvalidParameterValue,
)


@dataclass(frozen=True)
class Outcome:
    """What each question said of one pair; `error`, where the pair could not be made or read.

    :param beyond: why servers of this version cannot declare such a thing; it counts for nothing.
    """

    pair: Pair
    findings: dict[str, tuple[str, ...]]
    notes: dict[str, tuple[str, ...]]
    error: str = ""
    beyond: str = ""

    @property
    def seen(self) -> bool:
        """Whether anything was said, be it a note."""
        return bool(self.findings or self.notes)

    @property
    def right(self) -> bool:
        """Whether a difference was seen, or a pair that is alike led to no finding."""
        return not (self.error or (self.findings if self.pair.group == EQUAL else not self.seen))

    @property
    def lines(self) -> list[str]:
        """All that was said."""
        return [
            line for said in (self.findings, self.notes) for some in said.values() for line in some
        ]

    def __str__(self) -> str:
        noted = [f"{question} (a note)" for question in self.notes if question not in self.findings]
        said = ", ".join((*self.findings, *noted)) or "nothing"
        return f"{self.pair.id}: {self.error or self.beyond or said}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score of each group; 1 where a difference was missed or a twin was not quiet."""
    given = _given(arguments)
    entries = [
        entry
        for entry in runpy.run_path(str(given.file))["P"]
        if not given.group or entry["group"] in given.group
        if entry.get("min", 0) <= given.version
    ]
    running = [schema_pairs.running(given.version, given.bin) for _ in "ab"]
    with running[0] as one, running[1] as other:
        contrib = schema_pairs.has_contrib(one)
        pairs = [Pair.of(entry) for entry in entries if contrib or not entry.get("contrib")]
        outcomes = [_outcome(pair, (one, other)) for pair in pairs]
    _say(f"PostgreSQL {given.version}: {len(pairs)} pairs; left out, as their extensions are not")
    _say(f" to be had: {len(entries) - len(pairs)}\n")
    beyond = [one for one in outcomes if one.beyond]
    _say("".join(f"left out, as {given.version} knows no such thing: {one}\n" for one in beyond))
    outcomes = [one for one in outcomes if not one.beyond]
    for group in dict.fromkeys(pair.group for pair in pairs):
        _print(group, [one for one in outcomes if one.pair.group == group], given.findings)
    _total(outcomes)
    return 0 if all(one.right for one in outcomes) else 1


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schema_score", description=__doc__)
    parser.add_argument("file", type=Path, help="a list of differences")
    parser.add_argument("--version", type=int, default=18, help="of the servers; 18 by default")
    parser.add_argument("--bin", type=Path, help="their programs; the wheel's by default")
    parser.add_argument("--group", nargs="*", help="of the list; all by default")
    parser.add_argument("--findings", action="store_true", help="print what was said")
    given = parser.parse_args(arguments)
    if given.bin:
        given.version = embedded.version(given.bin)
    return given


def _outcome(pair: Pair, servers: tuple[Server, Server]) -> Outcome:
    """Make both databases, one on each server since some SQL is about the server; ask; clean up."""
    with contextlib.ExitStack() as held, ThreadPoolExecutor(2) as pool:
        for server in servers:
            held.callback(schema_pairs.clean, server)
        try:
            made = pool.map(schema_pairs.made, servers, pair.scripts, pair.create)
            facts = [Facts(held.enter_context(contextlib.closing(conn))) for conn in made]
            was, now = pool.map(Facts.read, facts)
            return _judged(pair, {name: list(_said(pair, name, was, now)) for name in ASKED})
        except _BEYOND as error:
            return Outcome(pair, {}, {}, beyond=str(error).splitlines()[0])
        except psycopg.Error as error:
            return Outcome(pair, {}, {}, f"cannot be made: {str(error).splitlines()[0]}")


def _said(pair: Pair, question: str, was: Facts, now: Facts) -> Iterator[Differences]:
    """Yield what a question says of `b` after `a`, and of a difference in the other order too.

    Some are one in a single order, as a sequence may be ahead, and not behind.
    """
    yield from ASKED[question](was, now)
    if pair.group != EQUAL:
        yield from ASKED[question](now, was)


def _judged(pair: Pair, said: dict[str, list[Differences]]) -> Outcome:
    findings, notes = {}, {}
    for question, compared in said.items():
        if found := tuple(line for one in compared for line in one.findings):
            findings[question] = found
        if noted := tuple(line for one in compared for line in one.notes):
            notes[question] = noted
    return Outcome(pair, findings, notes)


def _print(group: str, outcomes: list[Outcome], in_words: bool) -> None:
    right = sum(one.right for one in outcomes)
    by = Counter(question for one in outcomes for question in one.findings or one.notes)
    asked = ", ".join(f"{question} {count}" for question, count in by.most_common())
    word = "quiet" if group == EQUAL else "found"
    _say(f"{group}: {word} {right} of {len(outcomes)}   ({asked or 'nothing said'})\n")
    for one in outcomes:
        plain = one.right and (group == EQUAL or one.findings)
        if in_words or not plain:
            _say(f"  {'' if one.right else 'WRONG '}{one}\n")
        if in_words or (group == EQUAL and not plain):
            _say("".join(f"      {line}\n" for line in one.lines))


def _total(outcomes: list[Outcome]) -> None:
    differing = [one for one in outcomes if one.pair.group != EQUAL]
    alike = [one for one in outcomes if one.pair.group == EQUAL]
    found = [one for one in differing if one.right]
    noted = sum(not one.findings for one in found)
    _say(f"\nfound {len(found)} of {len(differing)}, {noted} of them as a note;")
    _say(f" {sum(not one.right for one in alike)} false alarms among {len(alike)} twins\n")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
