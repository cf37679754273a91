"""Does the whole migration work, here and now?  From files to a server, with gates and a report.

    python -m examples.fluxstudio.demo                    a migration that ends in GO
    python -m examples.fluxstudio.demo --break NAME       one that must not
    python -m examples.fluxstudio.demo --scale 1000       with a million messages
    python -m examples.fluxstudio.demo --keep             leave everything up, to look around

`tox -e demo-fluxstudio -- …` is the same in an environment of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
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

from examples.fluxstudio import faults, plant
from examples.fluxstudio.stage import stage, take_down
from gatepost import fingerprint, rooms
from gatepost.durations import spoken
from gatepost.errors import GatepostError
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from examples.fluxstudio.faults import Fault
    from examples.fluxstudio.stage import Stage

HERE = Path(__file__).resolve().parent
GO = 0
_USAGE = 64


@dataclass(frozen=True)
class Answer:
    """What production is at one moment.

    :param storage: where the application says that it keeps everything; ``users``: how many it
        counts.
    :param files: the digests of the source's files.
    """

    database: Fingerprint
    storage: str
    users: int
    files: dict[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if the migration ended as it should have."""
    given = _parser().parse_args(arguments)
    if given.list:
        for one in faults.FAULTS.values():
            _say(f"{one.name:28} {one.title}")
        return 0
    if given.stop:
        take_down(given.stop)
        _say(f"stopped; {given.stop} may be removed")
        return 0
    try:
        fault = faults.find(given.fault) if given.fault else None
        return _demo(given, fault)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return _USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tox -e demo-fluxstudio --", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--scale", type=int, default=1, metavar="N", help="N studios; 1000 say a million messages")
    add("--break", dest="fault", metavar="NAME", help="plant a fault first (--list names them)")
    add("--list", action="store_true", help="the faults that can be planted")
    add("--keep", action="store_true", help="leave the server and the application up")
    add("--stop", type=Path, metavar="FOLDER", help="stop what --keep left up there")
    return parser


def _demo(given: argparse.Namespace, fault: Fault | None) -> int:
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gatepost-demo-"))
    # A server that runs under an account of its own must be able to enter it.
    folder.chmod(0o711)
    try:
        with stage(folder, given.scale, keep=given.keep, say=_say) as staged:
            status = _broken(staged, fault) if fault else _whole(staged)
            if given.keep:
                _look_around(staged)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    _say(f"\ndemo: {spoken(time.monotonic() - began)}, largest process {peak} MB")
    return status


def _whole(staged: Stage) -> int:
    """Back up, rehearse, migrate, back up anew, and drill the way back."""
    was = _answer(staged)
    for verb in (["backup"], ["rehearse", "--no-report"], ["migrate", "--execute"], ["backup"]):
        status = _gatepost(HERE, staged.environ, *verb)
        if status != GO:
            return status
    now = _answer(staged)
    _say(f"\nthe application kept {was.users} users in {was.storage} before,")
    _say(f"and keeps {now.users} in {now.storage} now; the files are as they were")
    if (now.storage, now.users, now.files) != ("postgresql", was.users, was.files):
        return 1
    status = _gatepost(HERE, staged.environ, "drill")
    if status == GO:
        _say("try next: tox -e demo-fluxstudio -- --list, then … -- --break NAME")
    return status


def _broken(staged: Stage, fault: Fault) -> int:
    """Plant a fault, migrate, and see that nothing came of it."""
    _say(f"planting {fault.name}: {fault.title}")
    scene = plant.scene(staged, HERE)
    if not fault.backup:
        scene.without("backup")
    elif status := _gatepost(scene.project, scene.environ, "backup"):
        return status
    fault.plant(scene)
    was = _answer(staged, fault.writes)
    status = _gatepost(scene.project, scene.environ, "migrate", "--execute")
    if status not in fault.ends:
        _say(f"this should have been a NO-GO; it ended with {status}")
        return 1
    now = _answer(staged, fault.writes)
    if now != was:
        _say(f"the old system is not what it was:\n  {was}\n  {now}")
        return 1
    _say("that is as it should be: NO-GO; files, application and database are as before")
    return 0


def _gatepost(project: Path, environ: dict[str, str], *verb: str) -> int:
    _say("")
    command = [sys.executable, "-m", rooms.module("runner"), verb[0], "--target=prod"]
    return subprocess.run(
        [*command, *verb[1:], f"--project={project}"],
        check=False,
        env={**os.environ, **environ},
        cwd=rooms.start_folder(),
    ).returncode


def _answer(staged: Stage, without: tuple[str, ...] = ()) -> Answer:
    files = {
        file.name: _digest(file)
        for file in sorted(staged.data.glob("*.json"))
        if file.name not in without
    }
    storage = _asked(staged, "/api/health")["storage"]
    users = _asked(staged, "/api/users")["total"] if "users.json" in files else 0
    return Answer(fingerprint.of(staged.target), str(storage), int(str(users)), files)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _asked(staged: Stage, path: str) -> dict[str, object]:
    with contextlib.closing(
        urllib.request.urlopen(f"{staged.url}{path}", timeout=60)  # noqa: S310 - ours
    ) as response:
        found: dict[str, object] = json.load(response)
        return found


def _look_around(staged: Stage) -> None:
    psql = shlex.quote(str(staged.server.bin / "psql"))
    _say("\neverything is still up:")
    _say(f"  {'the application':<15} {staged.url}")
    _say(f"  {'the files':<15} {staged.data}")
    file = _variables(staged.folder / "database.env", staged.target.environment())
    _say(f"  {'its database':<15} . {file} && {psql}")
    file = _variables(staged.folder / "fluxstudio.env", staged.environ)
    gate = shlex.join([sys.executable, "-m", "pytest", "checks", "--target=prod"])
    _say(f"  {'ask the gates':<15} . {file} && {gate} --project=examples/fluxstudio")
    _say(f"  {'stop it all':<15} tox -e demo-fluxstudio -- --stop {staged.folder}")


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
