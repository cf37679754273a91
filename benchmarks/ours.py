"""What does our comparison of one table take, in a process of its own?

`python -m benchmarks.ours RELATION` is that process.  It opens a session as a data gate does, reads
both sides and, where they differ, names the rows; addresses come from the environment, as the
gate's do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import names, session
from gatepost.handover import Request
from gatepost.origin import Source
from gatepost.parity import tables
from gatepost.settings import Limits, Project, Settings, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.dsn import Dsn
    from gatepost.names import Relation

_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Compared:
    """What one process took, and what it found.

    :param opened: seconds until the session was open, both catalogs read.
    :param read: seconds for the digests of both sides.
    :param named: seconds for the rows and columns at fault; next to nothing where there are none.
    :param faults: how many rows are gone, new or changed.
    :param peak: the most memory that the process had, in MB.
    """

    opened: float
    read: float
    named: float
    faults: int
    peak: float

    @property
    def all(self) -> float:
        """Seconds from before the first connection until the last row was named."""
        return self.opened + self.read + self.named


def compare(
    relation: Relation,
    before: Dsn,
    after: Dsn,
    *,
    connections: int | None = None,
    only_read: bool = False,
) -> Compared:
    """Run the process and return what it said.

    :param connections: for each side; the project's default where it is None.
    :param only_read: name no rows, whatever the digests say.
    """
    command = [sys.executable, "-m", "benchmarks.ours", str(relation)]
    if connections is not None:
        command.append(f"--connections={connections}")
    if only_read:
        command.append("--only-read")
    env = {**os.environ, "GATEPOST_SOURCE": before.raw, "GATEPOST_TARGET": after.raw}
    # What is installed is compiled: a checkout is, once it may keep what it compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=_ROOT, env=env)
    return Compared(**json.loads(done.stdout))


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare one table and print what it took as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ours", description=__doc__)
    parser.add_argument("relation", type=names.relation)
    parser.add_argument("--connections", type=int, default=Limits().connections)
    parser.add_argument("--only-read", action="store_true")
    given = parser.parse_args(arguments)
    settings = Settings(
        project=Project(limits=Limits(connections=given.connections)),
        folder=Path.cwd(),
        target_name="url",
        target=Target(url=os.environ["GATEPOST_TARGET"]),
        source=Source(url=os.environ["GATEPOST_SOURCE"]),
    )
    sys.stdout.write(json.dumps(asdict(_compared(settings, given))))


def _compared(settings: Settings, given: argparse.Namespace) -> Compared:
    began = time.perf_counter()
    request = Request(gate="data", out=Path.cwd())  # nothing is written there
    with contextlib.closing(session.begin(settings, request)) as opened:
        open_at = time.perf_counter()
        comparison = tables.compare(opened, given.relation)
        _ = comparison.was, comparison.now
        read_at = time.perf_counter()
        faults = 0
        if not given.only_read and not comparison.alike:
            assert comparison.finding
            faults = sum(comparison.at_fault.counts.values())
        named_at = time.perf_counter()
    return Compared(open_at - began, read_at - open_at, named_at - read_at, faults, peak())


def peak() -> float:
    """Return the most memory that this process had at once, in MB.

    Not ru_maxrss: that remembers, through exec, how large the process was that this one was forked
    from.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no VmHWM in /proc/self/status")


if __name__ == "__main__":
    main()
