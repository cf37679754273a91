"""Which arguments does `gatepost schema` take, and what does it say?"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg

from gatepost import project_file
from gatepost.errors import GatepostError, UsageError
from gatepost.schema import dump, whole
from gatepost.schema.selection import Selection
from gatepost.settings import Project
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

EQUAL, DIFFERENT, REFUSED = 0, 1, 4

_DUMP = """\
examples:
  gatepost schema dump --source=postgresql://me@db/shop --out=schema.txt
  gatepost schema dump --source=baseline:baseline.json   # as it was then
  gatepost schema dump --source=postgresql://me@db/shop --only='public.*' --leave-out='function *'

A pattern is a name, audit.*, or a kind and a name, function audit.*; only declarations are chosen
by it, settings and privileges never.
"""
_DIFF = """\
examples:
  gatepost schema diff schema.txt postgresql://me@db/shop   # has anything drifted?
  gatepost schema diff postgresql://me@old/shop postgresql://me@new/shop
  gatepost schema diff baseline:baseline.json schema.txt

exit status: 0 nothing differs; 1 something does; 4 a side could not be read.
"""
_SOURCE = "a postgresql:// URL, baseline:FILE, or a FILE that `gatepost schema dump` wrote"
# What may hold a password, in a message of argparse about an argument in the wrong place.
_ADDRESS = re.compile(r"\S*(://|password=).*", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit status; nothing is raised."""
    try:
        given = _parser().parse_args(arguments)
        status = int(given.act(given))
        sys.stdout.flush()
    except SystemExit as end:  # --help
        return int(end.code or EQUAL)
    except BrokenPipeError:
        # Whoever read it has seen enough; the interpreter must not try to flush once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line before the screen
        sys.stderr.write(f"{_reason(error)}\n")
        return REFUSED
    return status


def _reason(error: BaseException) -> str:
    if isinstance(error, GatepostError):
        return str(error)
    if isinstance(error, psycopg.Error):
        return f"the server refused to be read: {error.diag.message_primary or 'it went away'}"
    if isinstance(error, KeyboardInterrupt):
        return "interrupted: nothing was written"
    return f"an error of ours: {type(error).__name__}"


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are of our form, and quote no address."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_ADDRESS.sub("(an address)", message), hint=f"{self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gatepost schema",
        description="What a database declares, as text for people and git.",
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    one = verbs.add_parser(
        "dump",
        help="write what a database declares, one attribute a line",
        description="Reads a database in one snapshot, or a baseline, and writes to neither.\n"
        "The same declarations give the same text, as far as servers spell them alike.",
        epilog=_DUMP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    one.add_argument("--source", required=True, metavar="SOURCE", help=_SOURCE)
    one.add_argument("--out", type=Path, metavar="FILE", help="instead of the standard output")
    one.add_argument("--json", action="store_true", help="the same for a program to read")
    _add_selection(one)
    one.set_defaults(act=_dump, verb="dump")
    two = verbs.add_parser(
        "diff",
        help="say in what two of them differ, in the words of the checks",
        description="Says what the checks settings, extensions, schema and privileges would say.",
        epilog=_DIFF,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    two.add_argument("before", metavar="BEFORE", help=_SOURCE)
    two.add_argument("after", metavar="AFTER", help="the same")
    _add_selection(two)
    two.set_defaults(act=_diff, verb="diff")
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="PATTERN",
        help="no other objects; may be given again",
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="PATTERN",
        help="not these, though --only has them; may be given again",
    )
    parser.add_argument(
        "--project",
        type=Path,
        metavar="FOLDER",
        help="of a gatepost.toml whose [schema] and [privileges] say how to compare",
    )


def _dump(given: argparse.Namespace) -> int:
    declared = dump.of(given.source).chosen(_selection(given, _project(given)))
    content = dump.as_json(declared) if given.json else dump.written(declared)
    if given.out:
        dump.keep(content, given.out)
    else:
        _say(content)
    return EQUAL


def _diff(given: argparse.Namespace) -> int:
    project = _project(given)
    selection = _selection(given, project)
    before, after = dump.of(given.before), dump.of(given.after)
    selection.check((*before.objects, *after.objects))
    said = list(whole.compare(before, after, project, selection))
    findings = [one.differences for one in said if one.differences.findings]
    number = sum(len(one.findings) for one in findings)
    notes = [f"note: {note}" for one in said for note in one.differences.notes]
    ended = counted(number, "difference") if findings else "no difference"
    lines = [one.told for one in findings]
    lines += [*notes, f"{ended} in {counted(len(said), 'subject')}"]
    _say("".join(f"{line}\n" for line in lines))
    return DIFFERENT if findings else EQUAL


def _project(given: argparse.Namespace) -> Project:
    if given.project is None:
        return Project()
    # No address of it is used, so that no variable need be set.
    return project_file.read(given.project, {**os.environ}, source=given.verb)


def _selection(given: argparse.Namespace, project: Project) -> Selection:
    declared = project.compare_schema
    return Selection(
        only=tuple(given.only) or declared.only,
        leave_out=(*declared.leave_out, *given.leave_out),
    )


def _say(content: str) -> None:
    # As bytes: neither encoding nor line ends are the terminal's affair.
    sys.stdout.buffer.write(content.encode())
