"""Compares two databases by way of two local Dask workers, and kills one of them in the middle.

    python -m tests.dask_run BEFORE AFTER

The passwords are where libpq looks for them (PGPASSFILE): none is in the addresses, as none is in
what the workers are handed.  Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

import distributed

from gatepost import settings
from gatepost.dsn import Dsn
from gatepost.names import relation
from gatepost.parity import slices, tables
from tests.pairs import opened

RELATION = relation("public.t")


def main(before: str, after: str) -> None:
    """Compare, and say what was found and what became of the workers."""
    slices.BYTES = 256 << 10
    cluster: Any = distributed.LocalCluster(  # type: ignore[no-untyped-call] # has no annotations
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, cluster.get_client() as client:
        project = settings.Project(engine=settings.Engine(dask=cluster.scheduler_address))
        with opened(Dsn(before), Dsn(after), project) as session:
            killed = threading.Thread(target=_kill_one, args=(client,))
            killed.start()
            found = tables.compare(session, RELATION)
            killed.join()
            told = {
                "alike": found.alike,
                "finding": found.finding,
                "slices": len(slices.of(found.readings[0], session.before.catalog))
                if found.readings
                else 0,
            }
    sys.stdout.write(json.dumps(told) + "\n")


def _kill_one(client: Any) -> None:
    """Kill a worker that is at work on a slice."""
    while True:
        busy = {name: keys for name, keys in client.processing().items() if keys}
        if busy:
            worker = next(iter(busy))
            pids = client.run(os.getpid, workers=[worker])
            os.kill(pids[worker], signal.SIGKILL)
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
