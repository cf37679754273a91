"""Does the whole migration work, here and now?  Both systems, the runner, the gates, one report.

    python -m examples.fonana.demo                    a migration that ends in GO
    python -m examples.fonana.demo --break NAME       one that must not
    python -m examples.fonana.demo --keep             leave everything up, to look around

`tox -e demo -- …` is the same in an environment of its own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples import demos
from examples.demos import GO, gatepost, say
from examples.fonana import plant
from examples.fonana.stage import stage
from gatepost import fingerprint
from gatepost.fingerprint import Fingerprint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from examples.fonana.plant import Fault
    from examples.fonana.stage import Stage

HERE = Path(__file__).resolve().parent
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
    return demos.run(_parser().parse_args(arguments), plant.faults(), plant.find, _demo)


def _parser() -> argparse.ArgumentParser:
    made = demos.parser("demo", (__doc__ or "").splitlines()[0], "N times as many rows")
    said = "lack the 17 files that the real one lacked"
    made.add_argument("--missing-media", action="store_true", help=said)
    return made


def _demo(given: argparse.Namespace, fault: Fault | None) -> int:
    missing = given.missing_media
    with (
        demos.folder(keep=given.keep) as folder,
        stage(folder, given.scale, missing=missing, keep=given.keep, say=say) as staged,
    ):
        status = _migrate(staged, fault, expected_go=not (fault or missing))
        if given.keep:
            _look_around(staged)
    return status


def _migrate(staged: Stage, fault: Fault | None, *, expected_go: bool) -> int:
    environ = {**staged.environ, plant.FILLED: ""}
    if fault is not None:
        say(f"planting {fault.name}: {fault.title}")
        plant.into_source(fault, staged.before)
        plant.into_media(fault, {"before": staged.source.public, "after": staged.prod.public})
        environ[plant.FILLED] = plant.hook(fault) if fault.script("after") else ""
    was = _answer(staged)
    status = gatepost(HERE, environ, "migrate", "--execute")
    now = _answer(staged)
    say(f"\nproduction said {was.creators} creators before, and says {now.creators} now")
    if expected_go:
        if status == GO:
            say("try next: tox -e demo -- --list, then tox -e demo -- --break NAME")
        return status
    if status not in ROLLED_BACK:
        say(f"this should have been a NO-GO; it ended with {status}")
        return 1
    if now != was:
        say(f"the old system is not what it was: {was.database} before, {now.database} now")
        return 1
    say("that is as it should be: NO-GO, and the old database and application are as before")
    return 0


def _answer(staged: Stage) -> Answer:
    creators = demos.asked(f"{staged.prod.url}/api/creators")["totalCount"]
    return Answer(fingerprint.of(staged.after), int(str(creators)))


def _look_around(staged: Stage) -> None:
    say("\neverything is still up:")
    for name, application, dsn in (
        ("the old system", staged.source, staged.before),
        ("production", staged.prod, staged.after),
    ):
        demos.point_to(name, application.url)
        demos.point_to_database(staged.server18, dsn, staged.folder)
    demos.point_to_the_gates("fonana", staged.environ, staged.folder)
    demos.point_to("stop it all", f"tox -e demo -- --stop {staged.folder}")


if __name__ == "__main__":
    sys.exit(main())
