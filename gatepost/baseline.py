"""What did the before side hold at one moment?  Recorded whole, in one file, for later.

`python -m gatepost.baseline record` reads under the dump's own snapshot while the dump runs.  What
it has read is at once what the data gate of the same run needs of the before side.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import gatepost
from gatepost import baseline_file, database, objects, project_file, session, snapshot, tunnel
from gatepost.baseline_file import UNSEALED, VERSION, Baseline
from gatepost.errors import CannotConnect, GatepostError, UsageError
from gatepost.parity import hashes
from gatepost.parity.hashes import Hash
from gatepost.recording import Kept, Patience, Recording
from gatepost.side import Side
from gatepost.staging import stage
from gatepost.wording import counted, sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.settings import Settings

FILE = "baseline.json"


@dataclass(frozen=True)
class Request:
    """What is to be recorded, and how.

    :param out: the file; its second part lies beside it.
    :param snapshot: held by somebody else; empty to hold one while this runs.
    :param facts: the folder of a run's facts, which this fills as well; None for none.
    :param hash: None for the fastest that the target's server computes alike, if it can be asked.
    :param connections: that read at the same moment; 0 for as many as the project allows.
    :param until: a file; soon after it is there, what decides nothing is left out: sums of buckets
        and censuses, which only explain a difference.
    """

    out: Path
    snapshot: str = ""
    facts: Path | None = None
    hash: Hash | None = None
    connections: int = 0
    until: Path | None = None


def record(settings: Settings, request: Request) -> Baseline:
    """Record the before side, and return what was recorded.

    Digests first, since they decide; then what narrows a difference.  Each relation is read three
    times in all: for its digest, for the sums of its buckets, for the census of its columns.

    :raises UsageError: the file's name is none for it, or a rule of the project can mean nothing.
    :raises NotReadable: the role may not read what must be recorded.
    """
    if request.out.suffix != ".json":
        raise UsageError(
            f"{request.out.name}: a baseline is a .json with a .bin beside it",
            hint=f"--out {request.out.with_suffix('.json').name}",
        )
    with contextlib.ExitStack() as held:
        started = dt.datetime.now(dt.UTC)
        moment = request.snapshot or held.enter_context(snapshot.hold(settings.before)).id
        folder = request.facts or Path(held.enter_context(tempfile.TemporaryDirectory()))
        store = Kept(session.before_store(folder, moment).folder)
        limits = settings.project.limits
        side = Side(
            "before",
            settings.before,
            store,
            snapshot=moment,
            statement=limits.statement,
            connections=request.connections or limits.connections,
        )
        held.callback(side.close)
        sums = held.enter_context(baseline_file.Sums(request.out))
        method = request.hash or _hash(settings, side)
        found = Recording(settings, side, method, Patience(started, request.until))
        baseline = Baseline(
            version=VERSION,
            sha256=UNSEALED,
            gatepost=gatepost.__version__,
            project=settings.project.name,
            started=started,
            snapshot=moment,
            server=found.server,
            hash=found.method,
            utf8=found.utf8,
            relations=tuple(found.relations(sums)),
            states={subject: dict(side.objects.states(subject)) for subject in objects.SORTS},
            large_objects=found.large_objects(),
            orphans=found.orphans(),
            values=found.values(),
            facts=found.facts(store),
            missing=found.missing,
            finished=dt.datetime.now(dt.UTC),
            second=sums.end(),
        )
        baseline_file.write(baseline, request.out)
        return baseline


def _hash(settings: Settings, side: Side) -> Hash:
    """Return the fastest hash that the target's server computes alike, if it can be asked."""
    try:
        other = database.read_only(session.maintenance(settings.after), label="baseline")
    except CannotConnect:
        return "hash64"
    with contextlib.closing(other):
        return hashes.agree(side.answers, partial(hashes.answers, other)).hash


def told(baseline: Baseline, out: Path) -> str:
    """Return in one line what was recorded."""
    rows = sum(one.digest.rows for one in baseline.relations)
    size = sum((out.parent / name).stat().st_size for name in (out.name, baseline.second.name))
    return (
        f"{out.name}: {counted(len(baseline.relations), 'relation')}, {counted(rows, 'row')},"
        f" snapshot {baseline.snapshot}, {baseline.hash}, {sized(size)}{_brief(baseline)}"
    )


def _brief(baseline: Baseline) -> str:
    without = sum(one.census is None for one in baseline.relations)
    return f"; the census of {counted(without, 'relation')} left out" if without else ""


def summary(baseline: Baseline, out: Path) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "file": str(out),
        "second": str(out.parent / baseline.second.name),
        "started": baseline.started.isoformat(),
        "finished": baseline.finished.isoformat(),
        "snapshot": baseline.snapshot,
        "lsn": baseline.server.lsn,
        "hash": baseline.hash,
        "relations": len(baseline.relations),
        "rows": sum(one.digest.rows for one in baseline.relations),
        "missing": baseline.missing,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and record; 0 if all was read, 1 with one line if not."""
    parser = argparse.ArgumentParser(prog="python -m gatepost.baseline", description=__doc__)
    record_ = parser.add_subparsers(required=True, metavar="VERB").add_parser("record")
    record_.add_argument("--project", type=Path, default=Path.cwd())
    record_.add_argument("--target", default=os.environ.get("GATEPOST_TARGET", ""))
    record_.add_argument("--snapshot", default="", metavar="ID", help="held by another session")
    record_.add_argument(
        "--facts", type=Path, metavar="FOLDER", help="facts of a run, to be filled"
    )
    record_.add_argument("--out", type=Path, default=Path(FILE), metavar="FILE")
    record_.add_argument("--hash", choices=get_args(Hash), help="default: what the target shares")
    record_.add_argument("--connections", type=int, default=0, metavar="N")
    record_.add_argument("--until", type=Path, metavar="FILE", help="be brief once it is there")
    given = parser.parse_args(arguments)
    try:
        source = os.environ.get("GATEPOST_SOURCE", "")
        chosen = project_file.load(given.project.resolve(), given.target, source)
        request = Request(
            out=given.out,
            snapshot=given.snapshot,
            facts=given.facts,
            hash=given.hash,
            connections=given.connections,
            until=given.until,
        )
        with tunnel.opened(chosen.addresses), stage.opened(chosen) as staged:
            found = record(staged, request)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{told(found, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
