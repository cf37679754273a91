"""Does the whole migration work, here and now?  Both systems, the runner, the gates, one report.

    python -m examples.fonana.demo                    a migration that ends in GO
    python -m examples.fonana.demo --break NAME       one that must not
    python -m examples.fonana.demo --keep             leave everything up, to look around

`tox -e demo -- …` is the same in an environment of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples.fonana import plant
from examples.fonana.stage import stage, take_down
from gatepost import fingerprint, rooms
from gatepost.durations import spoken
from gatepost.errors import GatepostError
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from examples.fonana.plant import Fault
    from examples.fonana.stage import Stage

HERE = Path(__file__).resolve().parent
GO = 0
ROLLED_BACK = (10, 20)  # no at preflight, or rolled back and verified


@dataclass(frozen=True)
class Answer:
    """What production says at one moment.

    :param creators: what its API counts.
    """

    database: Fingerprint
    creators: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if the migration ended as it should have."""
    given = _parser().parse_args(arguments)
    if given.list:
        for one in plant.faults():
            _say(f"{one.name:40} {one.title}")
        return 0
    if given.stop:
        take_down(given.stop)
        _say(f"stopped; {given.stop} may be removed")
        return 0
    try:
        fault = plant.find(given.fault) if given.fault else None
        return _demo(given, fault)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return 64


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tox -e demo --", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--scale", type=int, default=1, metavar="N", help="N times as many rows")
    add("--break", dest="fault", metavar="NAME", help="plant a fault first (--list names them)")
    add("--list", action="store_true", help="the faults that can be planted")
    add("--missing-media", action="store_true", help="lack the 17 files that the real one lacked")
    add("--keep", action="store_true", help="leave servers and applications up")
    add("--stop", type=Path, metavar="FOLDER", help="stop what --keep left up there")
    return parser


def _demo(given: argparse.Namespace, fault: Fault | None) -> int:
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gatepost-demo-"))
    # Servers that run under an account of their own must be able to enter it.
    folder.chmod(0o711)
    try:
        with stage(
            folder, given.scale, missing=given.missing_media, keep=given.keep, say=_say
        ) as staged:
            status = _migrate(staged, fault, expected_go=not (fault or given.missing_media))
            if given.keep:
                _look_around(staged)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    _say(f"\ndemo: {spoken(time.monotonic() - began)}, largest process {peak} MB")
    return status


def _migrate(staged: Stage, fault: Fault | None, *, expected_go: bool) -> int:
    environ = {**os.environ, **staged.environ, plant.FILLED: ""}
    if fault is not None:
        _say(f"planting {fault.name}: {fault.title}")
        plant.into_source(fault, staged.before)
        plant.into_media(fault, {"before": staged.source.public, "after": staged.prod.public})
        environ[plant.FILLED] = plant.hook(fault) if fault.script("after") else ""
    was = _answer(staged)
    _say("")
    command = [sys.executable, "-m", rooms.module("runner"), "migrate", "--target=prod"]
    done = subprocess.run(
        [*command, "--execute", f"--project={HERE}"],
        check=False,
        env=environ,
        cwd=rooms.start_folder(),
    )
    now = _answer(staged)
    _say(f"\nproduction said {was.creators} creators before, and says {now.creators} now")
    if expected_go:
        if done.returncode == GO:
            _say("try next: tox -e demo -- --list, then tox -e demo -- --break NAME")
        return done.returncode
    if done.returncode not in ROLLED_BACK:
        _say(f"this should have been a NO-GO; it ended with {done.returncode}")
        return 1
    if now != was:
        _say(f"the old system is not what it was: {was.database} before, {now.database} now")
        return 1
    _say("that is as it should be: NO-GO, and the old database and application are as before")
    return 0


def _answer(staged: Stage) -> Answer:
    with contextlib.closing(
        urllib.request.urlopen(f"{staged.prod.url}/api/creators", timeout=10)  # noqa: S310 - ours
    ) as response:
        creators = json.load(response)["totalCount"]
    return Answer(fingerprint.of(staged.after), creators)


def _look_around(staged: Stage) -> None:
    psql = shlex.quote(str(staged.server18.bin / "psql"))
    _say("\neverything is still up:")
    for name, application, dsn in (
        ("the old system", staged.source, staged.before),
        ("production", staged.prod, staged.after),
    ):
        file = _variables(staged.folder / f"{dsn.parameters['port']}.env", dsn.environment())
        _say(f"  {name:<15} {application.url}")
        _say(f"  {'its database':<15} . {file} && {psql}")
    file = _variables(staged.folder / "fonana.env", staged.environ)
    gate = shlex.join([sys.executable, "-m", "pytest", "checks", "--target=prod"])
    _say(f"  {'ask the gates':<15} . {file} && {gate} --project=examples/fonana")
    _say(f"  {'stop it all':<15} tox -e demo -- --stop {staged.folder}")


def _variables(file: Path, variables: dict[str, str]) -> Path:
    """Write variables for a shell; the file, and not the screen, holds the passwords."""
    file.touch(mode=0o600)
    lines = (f"export {key}={shlex.quote(value)}\n" for key, value in variables.items())
    file.write_text("".join(lines), encoding="utf-8")
    return file


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
