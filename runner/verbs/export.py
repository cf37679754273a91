"""How is a target written back to files, if it must be?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost import project_file
from gatepost.exporting import folder, manifest, outline, writing
from gatepost.wording import counted, sized

from ..outcome import Exit
from ..programs.signals import Signals
from .verb import Verb

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from gatepost.exporting.manifest import Manifest
    from gatepost.exporting.outline import Outline
    from gatepost.settings import Settings

    from ..screen.terminal import Terminal

_STEP = "write"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="a new folder, away from the source's files",
    )


def _export(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    to = folder.new(settings, given.to)
    outlines, missing = outline.of(settings), outline.missing(settings)
    terminal.say(f"write {settings.after.dbname} back into {to}", "bold")
    for one in outlines:
        names = ", ".join(part.name for part in one.parts)
        terminal.say(f"  {one.file:20} {one.shape}: {names}")
    if missing:
        terminal.say(f"  not written back: {', '.join(missing)}: no [export.NAME]", "yellow")
    found: Manifest | None = None
    if given.execute:
        found = _write(settings, outlines, to, terminal)
        _tell(found, to, given.target, terminal)
    else:
        writing.refuse(settings, outlines)
        terminal.say("nothing was written; add --execute to do it")
    if given.json:
        data = _as_data(to, outlines, missing, found)
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    return Exit.GO


def _write(
    settings: Settings, outlines: Sequence[Outline], to: Path, terminal: Terminal
) -> Manifest:
    done: dict[str, int] = {}

    def told(file: str, size: int) -> None:
        done[file] = size
        terminal.progress(_STEP, file)
        terminal.advance(sum(done.values()))

    with Signals().heeded(), terminal.running(_STEP):
        return writing.write(settings, outlines, to, told)


def _tell(found: Manifest, to: Path, target: str, terminal: Terminal) -> None:
    terminal.say()
    for one in found.files:
        records = counted(sum(one.records.values()), "record")
        terminal.say(f"  {one.file:20} {records}, {sized(one.bytes)}, sha256 {one.sha256[:12]}…")
    files, records = counted(len(found.files), "file"), counted(found.records, "record")
    moment = f"{found.at:%Y-%m-%d %H:%M:%S} UTC"
    terminal.say(f"WRITTEN: {files}, {records}, as they were at {moment}", "green")
    again = f"pytest checks/ --gate=data --target={target} --source=file:{to}"
    terminal.say(f"  next      {again}")


def _as_data(
    to: Path, outlines: Sequence[Outline], missing: Sequence[str], found: Manifest | None
) -> dict[str, Any]:
    return {
        "written": found is not None,
        "folder": str(to),
        "files": [
            {
                "file": one.file,
                "shape": one.shape,
                "collections": [part.collection for part in one.parts],
                "queries": [part.name for part in one.parts],
            }
            for one in outlines
        ],
        "missing": list(missing),
        "manifest": manifest.MANIFEST.dump_python(found, mode="json") if found else None,
    }


VERB = Verb(
    "export",
    help="write the target back to files in the source's shape, into a new folder",
    description="Each [export.NAME] query is asked in one snapshot of the target, and its documents"
    " are written as the source had them: JSON, NDJSON or CSV. Never over anything, never into the"
    " source's folder. Without --execute: say what would be written, and where.",
    examples=(
        "gatepost export --target=prod --to=back            say what would be written",
        "gatepost export --target=prod --to=back --execute  write it",
    ),
    arguments=_arguments,
    act=_export,
)
