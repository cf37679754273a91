"""Does the whole migration work, here and now?  Staging first, then production, in place.

    python -m examples.poolmanager.demo                     a migration that ends in GO
    python -m examples.poolmanager.demo --break NAME        one that must not
    python -m examples.poolmanager.demo --trouble health    a GO that is taken back by itself
    python -m examples.poolmanager.demo --swap              the same by a migrated copy, swapped in
    python -m examples.poolmanager.demo --scale 2000        with a million rows
    python -m examples.poolmanager.demo --keep              leave everything up, to look around

`tox -e demo-poolmanager -- …` is the same in an environment of its own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples import demos
from examples.demos import GO, gatepost, say
from examples.planting import ROLLED_BACK
from examples.poolmanager import plant, trouble
from examples.poolmanager.faults import FAULTS
from examples.poolmanager.stage import PROD, STAGING, stage
from gatepost import fingerprint
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from examples.planting import Fault
    from examples.poolmanager.plant import Scene
    from examples.poolmanager.stage import Stage

HERE = Path(__file__).resolve().parent
_WATCHED = "--for=2min"


@dataclass(frozen=True)
class Answer:
    """What production is at one moment.

    :param release: which the application is; ``pools``: how many it counts.
    """

    database: Fingerprint
    release: str
    pools: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if the migration ended as it should have."""
    return demos.run(_parser().parse_args(arguments), FAULTS.values(), FAULTS.find, _demo)


def _parser() -> argparse.ArgumentParser:
    scale = "N copies of the pools; 2000 say a million rows"
    made = demos.parser("demo-poolmanager", (__doc__ or "").splitlines()[0], scale)
    told = "what happens after the GO, which is watched"
    made.add_argument("--trouble", choices=sorted(trouble.TROUBLES), help=told)
    made.add_argument("--swap", action="store_true", help="migrate a copy, and swap it in")
    return made


def _demo(given: argparse.Namespace, fault: Fault[Scene] | None) -> int:
    staging = not (fault or given.trouble or given.swap)
    with (
        demos.folder(keep=given.keep) as folder,
        stage(folder, given.scale, staging=staging, keep=given.keep, say=say) as staged,
    ):
        if fault:
            status = _broken(staged, fault)
        elif given.trouble:
            status = _taken_back(staged, given.trouble)
        else:
            status = _swapped(staged) if given.swap else _whole(staged)
        if given.keep:
            _look_around(staged)
    return status


def _whole(staged: Stage) -> int:
    """Back up and migrate staging, then back up, rehearse and migrate production."""
    was = _answer(staged)
    for target, *verb in (
        (STAGING, "backup"),
        (STAGING, "migrate", "--execute", "--no-report"),
        (PROD, "backup"),
        (PROD, "rehearse", "--no-report"),
        (PROD, "migrate", "--execute"),
    ):
        status = gatepost(HERE, staged.environ(target), *verb, target=target)
        if status != GO:
            return status
    if not _is_released(staged, was):
        return 1
    say("try next: tox -e demo-poolmanager -- --list, then … -- --break NAME, or --trouble health")
    return GO


def _swapped(staged: Stage) -> int:
    """Migrate a copy of production, and swap it in."""
    scene = _alone(staged)
    scene.declare('strategy = "in-place"', 'strategy = "swap"')
    was = _answer(staged)
    if status := gatepost(scene.project, scene.environ, "migrate", "--execute", "--no-report"):
        return status
    return GO if _is_released(staged, was) else 1


def _is_released(staged: Stage, was: Answer) -> bool:
    now = _answer(staged)
    say(f"\nproduction counted {was.pools} pools by the {was.release} release before,")
    say(f"and counts {now.pools} by the {now.release} one now")
    return (now.release, now.pools) == ("new", was.pools)


def _alone(staged: Stage, *needs: str) -> Scene:
    """Return a scene that asks for nothing beside the migration but what is needed."""
    scene = plant.scene(staged, HERE)
    for heading in ("promote", "backup"):
        if heading not in needs:
            scene.without(heading)
    return scene


def _broken(staged: Stage, fault: Fault[Scene]) -> int:
    """Plant a fault, migrate, and see that nothing came of it."""
    say(f"planting {fault.name}: {fault.title}")
    scene = _alone(staged, *fault.needs)
    if "backup" in fault.needs and (status := gatepost(scene.project, scene.environ, "backup")):
        return status
    fault.plant(scene)
    was = _answer(staged)
    status = gatepost(scene.project, scene.environ, "migrate", "--execute")
    if status not in fault.ends:
        say(f"this should have ended with {fault.ends}; it ended with {status}")
        return 1
    now = _answer(staged)
    if now != was:
        say(f"production is not what it was:\n  {was}\n  {now}")
        return 1
    say(f"that is as it should be: NO-GO ({status}); database and application are as before")
    return 0


def _taken_back(staged: Stage, kind: str) -> int:
    """Migrate, make trouble, and see the release taken back."""
    scene = _alone(staged)
    was = _answer(staged)
    if status := gatepost(scene.project, scene.environ, "migrate", "--execute", "--no-report"):
        return status
    happens = trouble.TROUBLES[kind]
    say(f"\nplanting trouble: {(happens.__doc__ or '').strip()}")
    with happens(staged):
        status = gatepost(scene.project, scene.environ, "watch", _WATCHED)
    if status != ROLLED_BACK:
        say(f"this should have been taken back; it ended with {status}")
        return 1
    now = _answer(staged)
    if now != was:
        say(f"production is not what it was:\n  {was}\n  {now}")
        return 1
    say("that is as it should be: taken back; database and application are as before")
    return 0


def _answer(staged: Stage) -> Answer:
    release = str(demos.asked(f"{staged.urls[PROD]}/api/health")["release"])
    pools = int(str(demos.asked(f"{staged.urls[PROD]}/api/pools")["total"]))
    return Answer(fingerprint.of(staged.database()), release, pools)


def _look_around(staged: Stage) -> None:
    say("\neverything is still up:")
    demos.point_to("the application", staged.urls[PROD])
    demos.point_to_database(staged.server, staged.database(), staged.folder)
    demos.point_to_the_gates("poolmanager", staged.environ(PROD), staged.folder)
    demos.point_to("stop it all", f"tox -e demo-poolmanager -- --stop {staged.folder}")


if __name__ == "__main__":
    sys.exit(main())
