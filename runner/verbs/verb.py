"""What is a verb?  A name, its arguments, and what is done when it is said."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gatepost.conduct import PHASES

from ..screen.terminal import Terminal

_WIDTH = 88  # of a description; examples stand in lines of their own


@dataclass(frozen=True)
class Verb:
    """One of the runner's commands.

    :param help: its line in the list of all.
    :param description: what it does, before it is done.
    :param examples: lines that can be typed as they are.
    :param arguments: adds what it takes beside the project, the sides and `--json`.
    :param act: does it, and returns the exit status; the terminal is the error stream where
        `--json` wants the other for itself.
    :param connects: whether it asks servers.
    """

    name: str
    help: str
    description: str
    examples: tuple[str, ...]
    arguments: Callable[[argparse.ArgumentParser], None]
    act: Callable[[argparse.Namespace, Terminal], int]
    connects: bool = True


def add(verb: Verb, to: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the parser of a verb."""
    parser = to.add_parser(
        verb.name,
        help=verb.help,
        description=textwrap.fill(verb.description, _WIDTH),
        epilog="\n".join(("examples:", *(f"  {line}" for line in verb.examples))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # half a word must not start a migration
    )
    parser.add_argument(
        "--target", required=True, help="a target of gatepost.toml, or a postgresql:// URL"
    )
    parser.add_argument(
        "--source", default="", metavar="URL", help="overrides the source of gatepost.toml"
    )
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder of gatepost.toml (default: the current one)",
    )
    verb.arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="the same as JSON for a program, and nothing else"
    )
    parser.set_defaults(act=verb.act, connects=verb.connects)


def add_phase(parser: argparse.ArgumentParser) -> None:
    """Add the option of a verb that runs migrations, of one phase where there are several."""
    parser.add_argument(
        "--phase",
        default="",
        choices=PHASES,
        help="run the migrations of this phase alone, as [migrate.phases] names them",
    )


def add_no_report(parser: argparse.ArgumentParser) -> None:
    """Add the option of a verb whose run ends in a report."""
    parser.add_argument(
        "--no-report",
        action="store_true",
        help="build no HTML report; `python -m gatepost.reports RUN-FOLDER` does it later",
    )


def add_scratch(parser: argparse.ArgumentParser) -> None:
    """Add the option of a verb that restores a backup somewhere."""
    parser.add_argument(
        "--server",
        default="",
        metavar="URL",
        help="of a scratch server to restore it on"
        " (default: [backup] scratch, else one of ours, which ends with it)",
    )
