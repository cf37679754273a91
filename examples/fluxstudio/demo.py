"""Does the whole migration work, here and now?  From files to a server, with gates and a report.

    python -m examples.fluxstudio.demo                    a migration that ends in GO
    python -m examples.fluxstudio.demo --break NAME       one that must not
    python -m examples.fluxstudio.demo --scale 1000       with a million messages
    python -m examples.fluxstudio.demo --keep             leave everything up, to look around

`tox -e demo-fluxstudio -- …` is the same in an environment of its own.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples import demos
from examples.demos import GO, gatepost, say
from examples.fluxstudio import plant
from examples.fluxstudio.faults import FAULTS
from examples.fluxstudio.stage import stage
from gatepost import fingerprint
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from examples.fluxstudio.plant import Scene
    from examples.fluxstudio.stage import Stage
    from examples.planting import Fault

HERE = Path(__file__).resolve().parent


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
    return demos.run(_parser().parse_args(arguments), FAULTS.values(), FAULTS.find, _demo)


def _parser() -> argparse.ArgumentParser:
    scale = "N studios; 1000 say a million messages"
    return demos.parser("demo-fluxstudio", (__doc__ or "").splitlines()[0], scale)


def _demo(given: argparse.Namespace, fault: Fault[Scene] | None) -> int:
    with (
        demos.folder(keep=given.keep) as folder,
        stage(folder, given.scale, keep=given.keep, say=say) as staged,
    ):
        status = _broken(staged, fault) if fault else _whole(staged)
        if given.keep:
            _look_around(staged)
    return status


def _whole(staged: Stage) -> int:
    """Back up, rehearse, migrate, back up anew, and drill the way back."""
    was = _answer(staged)
    for verb in (["backup"], ["rehearse", "--no-report"], ["migrate", "--execute"], ["backup"]):
        status = gatepost(HERE, staged.environ, *verb)
        if status != GO:
            return status
    now = _answer(staged)
    say(f"\nthe application kept {was.users} users in {was.storage} before,")
    say(f"and keeps {now.users} in {now.storage} now; the files are as they were")
    if (now.storage, now.users, now.files) != ("postgresql", was.users, was.files):
        return 1
    status = gatepost(HERE, staged.environ, "drill")
    if status == GO:
        say("try next: tox -e demo-fluxstudio -- --list, then … -- --break NAME")
    return status


def _broken(staged: Stage, fault: Fault[Scene]) -> int:
    """Plant a fault, migrate, and see that nothing came of it."""
    say(f"planting {fault.name}: {fault.title}")
    scene = plant.scene(staged, HERE)
    if "backup" not in fault.needs:
        scene.without("backup")
    elif status := gatepost(scene.project, scene.environ, "backup"):
        return status
    fault.plant(scene)
    was = _answer(staged, fault.writes)
    status = gatepost(scene.project, scene.environ, "migrate", "--execute")
    if status not in fault.ends:
        say(f"this should have been a NO-GO; it ended with {status}")
        return 1
    now = _answer(staged, fault.writes)
    if now != was:
        say(f"the old system is not what it was:\n  {was}\n  {now}")
        return 1
    say("that is as it should be: NO-GO; files, application and database are as before")
    return 0


def _answer(staged: Stage, without: tuple[str, ...] = ()) -> Answer:
    files = {
        file.name: _digest(file)
        for file in sorted(staged.data.glob("*.json"))
        if file.name not in without
    }
    storage = demos.asked(f"{staged.url}/api/health")["storage"]
    users = demos.asked(f"{staged.url}/api/users")["total"] if "users.json" in files else 0
    return Answer(fingerprint.of(staged.target), str(storage), int(str(users)), files)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _look_around(staged: Stage) -> None:
    say("\neverything is still up:")
    demos.point_to("the application", staged.url)
    demos.point_to("the files", str(staged.data))
    demos.point_to_database(staged.server, staged.target, staged.folder)
    demos.point_to_the_gates("fluxstudio", staged.environ, staged.folder)
    demos.point_to("stop it all", f"tox -e demo-fluxstudio -- --stop {staged.folder}")


if __name__ == "__main__":
    sys.exit(main())
