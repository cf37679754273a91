"""How is what a source holds now recorded, to compare with when it is gone?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from gatepost import baseline, project_file
from gatepost.parity.hashes import Hash
from gatepost.staging import stage

from ..outcome import Exit
from ..servers import staging
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(baseline.FILE),
        metavar="FILE",
        help="a .json, beside which a .bin is written (default: %(default)s)",
    )
    parser.add_argument(
        "--hash",
        choices=get_args(Hash),
        help="sha256 for servers that hash in ways of their own (default: what the target shares)",
    )


def _record(given: argparse.Namespace, terminal: Terminal) -> int:
    chosen = project_file.load(given.project.resolve(), given.target, given.source)
    terminal.say(f"record what the source holds now in {given.out}", "bold")
    with terminal.running("baseline"), stage.opened(chosen, staging.progress(terminal)) as source:
        found = baseline.record(source, baseline.Request(given.out, hash=given.hash))
    terminal.say(baseline.told(found, given.out))
    for name, why in found.missing.items():
        terminal.say(f"  not recorded: {name}: {why}", "yellow")
    if given.json:
        sys.stdout.write(json.dumps(baseline.summary(found, given.out), indent=2) + "\n")
    return Exit.GO


VERB = Verb(
    "baseline",
    help="record what the source holds now, to compare with when it is gone",
    description="Reads the source in one snapshot, files once they are staged."
    " Later: pytest checks/ --gate=data --source=baseline:FILE",
    examples=("gatepost baseline --target=prod --out=now.json  record what the source holds",),
    arguments=_arguments,
    act=_record,
)
