"""What do all measures share: two servers, the data on them, a scale and a number of rounds?"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks import data
from benchmarks.data import Pair
from gatepost import database, embedded
from gatepost.dsn import Dsn

if TYPE_CHECKING:
    from gatepost.embedded import Server

# Nothing of the server's own shall run beside what is measured, and no log be written of the data.
_QUIET = {
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "16GB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


@dataclass
class Bench:
    """Two real servers, started when first asked for; `close` stops them.

    :param scale: of the data; 1 is what is promised.
    :param rounds: how often each is measured.
    """

    scale: float
    rounds: int
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _pairs: dict[str, Pair] = field(default_factory=dict)

    @cached_property
    def before(self) -> Server:
        """PostgreSQL 16."""
        return self.held.enter_context(embedded.running(16, durable=False, options=_QUIET))

    @cached_property
    def after(self) -> Server:
        """PostgreSQL 18."""
        return self.held.enter_context(embedded.running(18, durable=False, options=_QUIET))

    @property
    def servers(self) -> tuple[Server, Server]:
        """Both, the before side first."""
        return self.before, self.after

    def pair(self, name: str) -> Pair:
        """Return a dataset on both servers, made when first asked for."""
        if name not in self._pairs:
            dataset = data.DATASETS[name]
            sides, rows = self.databases(name), dataset.at(self.scale)
            with ThreadPoolExecutor(max_workers=2) as pool:
                sizes = pool.map(lambda dsn: data.make(dsn, dataset, rows), sides)
            self._pairs[name] = Pair(dataset, rows, max(sizes), *sides)
        return self._pairs[name]

    def databases(self, name: str) -> tuple[Dsn, Dsn]:
        """Return the addresses of two new databases of that name."""
        before, after = (create(server, name) for server in self.servers)
        return before, after

    def close(self) -> None:
        """Stop the servers; nothing of them is left."""
        self.held.close()


def create(server: Server, name: str) -> Dsn:
    """Create a database on one of the servers; return its address."""
    with contextlib.closing(database.maintenance(server.dsn(), label="data")) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return server.dsn(name)


def alone(dsn: Dsn) -> Dsn:
    """Return the same address for sessions that get no workers of the server beside them."""
    return Dsn(make_conninfo(dsn.raw, options="-c max_parallel_workers_per_gather=0"))
