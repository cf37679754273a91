"""How is a slice read by a machine that shares nothing with this one but the server?

A unit is idempotent, so that it may be handed out again when a worker dies, and names no secret:
the worker's own libpq finds the password, in its environment, `~/.pgpass` or a service file.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.conninfo import make_conninfo

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.errors import UsageError
from gatepost.parity import digests
from gatepost.parity.readings import Reading

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from gatepost.parity.digests import Digest

_SECRETS = ("password", "sslpassword")


@dataclass(frozen=True)
class Unit:
    """A slice to read on one side, and where.

    :param address: a connection string without secrets.
    """

    address: str
    snapshot: str
    label: str
    statement: float
    reading: Reading


def unit(dsn: Dsn, snapshot: str, label: str, statement: float, reading: Reading) -> Unit:
    """Return the unit that reads ``reading``, without what only this process may know.

    :raises UsageError: the server is reached through a tunnel, which no other machine shares.
    """
    if dsn.ssh:
        raise UsageError(
            f"a Dask cluster cannot read {dsn}: the tunnel is of this machine alone",
            hint="leave [engine] dask empty",
        )
    known = {key: value for key, value in dsn.parameters.items() if key not in _SECRETS}
    return Unit(make_conninfo("", **known), snapshot, label, statement, reading)


def read(given: Unit) -> Digest:
    """Return the digest of a unit, from a connection of its own that ends with it.

    None is kept for the next: it would hold the snapshot, and the database open, after the gate.
    """
    conn = database.read_only(
        Dsn(given.address),
        snapshot=given.snapshot,
        label=given.label,
        statement=given.statement,
    )
    with contextlib.closing(conn):
        return digests.digest(conn, given.reading)


class Cluster:
    """A connection to a Dask scheduler.

    :raises UsageError: Dask is not installed, or no scheduler answers at ``address``.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise UsageError(
                "[engine] dask names a scheduler, and Dask is not installed",
                hint="pip install 'gatepost[dask]'",
            ) from None
        # Dask has no annotations.
        client: Any = distributed.Client
        try:
            self._client = client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"no Dask scheduler answers at {address}: {error}",
                hint="start one with `dask scheduler`, or leave [engine] dask empty",
            ) from None
        self.executor: Executor = self._client.get_executor()

    def close(self) -> None:
        """End the connection; the cluster goes on."""
        self._client.close()
