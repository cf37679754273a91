"""Servers of five versions, some twice, since roles and their like are a whole server's."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded
from gatepost.embedded import Server
from tests import postgres
from tests.conftest import running15

if TYPE_CHECKING:
    from collections.abc import Iterator


# A server that analyses by itself would make two equal databases differ.
_QUIET = {"autovacuum": "off", "max_connections": "40", "allow_in_place_tablespaces": "on"}
_QUIET |= {"wal_level": "logical"}


@dataclass
class Servers:
    """Servers by version and purpose, started when first asked for."""

    _held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _started: dict[tuple[int, str], Server] = field(default_factory=dict)

    def of(self, major: int, purpose: str) -> Server:
        """Return a server of that version which is only used for that purpose."""
        if (major, purpose) not in self._started:
            self._started[major, purpose] = self._held.enter_context(_running(major))
        return self._started[major, purpose]

    def close(self) -> None:
        """Stop them all."""
        self._held.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Servers for all tests of this folder."""
    with contextlib.closing(Servers()) as found:
        yield found


@contextlib.contextmanager
def _running(major: int) -> Iterator[Server]:
    if major in embedded.majors():
        with embedded.running(major, durable=False, options=_QUIET) as server:
            yield server
        return
    if major in postgres.MAJORS:
        found = postgres.programs(major)
        with embedded.running(major, bin=found, durable=False, options=_QUIET) as server:
            yield server
        return
    with running15(_QUIET) as server:
        yield server
