"""Which databases hold a whole batch of differences, so that each is read only once?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gatepost import database
from gatepost.schema.declared import Schema
from gatepost.settings import Project
from gatepost.side import Side
from tests.schema import verdict
from tests.schema.conftest import Servers
from tests.schema.planted import (
    columns,
    constraints,
    functions,
    indexes,
    others,
    relations,
    rights,
    types,
    views,
)
from tests.schema.verdict import Verdict

if TYPE_CHECKING:
    from gatepost.embedded import Server
    from tests.schema.planted import Fault

FAULTS: tuple[Fault, ...] = (
    *relations.FAULTS,
    *columns.FAULTS,
    *constraints.FAULTS,
    *indexes.FAULTS,
    *views.FAULTS,
    *functions.FAULTS,
    *types.FAULTS,
    *others.FAULTS,
    *rights.FAULTS,
)
State = Literal["healthy", "twin", "damaged"]
# No scratch server: the two catalogs alone must settle every case.
_ALONE = Project(compare_schema=Schema(scratch="postgresql://127.0.0.1:1/none"))
_ROLES = "create role planted_owner; create role planted_other"


@dataclass
class Batch:
    """Databases by version and state, made when first asked for, and what was said of two."""

    servers: Servers
    folder: Path
    _sides: dict[tuple[int, State], Side] = field(default_factory=dict)
    _prepared: set[tuple[int, bool]] = field(default_factory=set)
    _said: dict[tuple[object, object], Verdict] = field(default_factory=dict)

    def verdict(self, before: tuple[int, State], after: tuple[int, State]) -> Verdict:
        """Return what the questions say of two of the databases."""
        if (before, after) not in self._said:
            self._said[before, after] = verdict.between(
                self._side(*before), self._side(*after), _ALONE
            )
        return self._said[before, after]

    def close(self) -> None:
        """Close every connection."""
        for side in self._sides.values():
            side.close()

    def _side(self, major: int, state: State) -> Side:
        if (major, state) not in self._sides:
            server = self.servers.of(major, "damaged" if state == "damaged" else "planted")
            self._prepare(server, damaged=state == "damaged")
            _make(server, state)
            self._sides[major, state] = verdict.side(
                "after" if state == "damaged" else "before",
                server.dsn(state),
                self.folder / f"{major} {state}",
            )
        return self._sides[major, state]

    def _prepare(self, server: Server, *, damaged: bool) -> None:
        """Make the roles, which outlive a database and are shared by all of a server."""
        if (server.major, damaged) in self._prepared:
            return
        self._prepared.add((server.major, damaged))
        with contextlib.closing(database.maintenance(server.dsn())) as conn:
            conn.execute(_ROLES)
            for fault in FAULTS:
                for script in (fault.cluster, fault.cluster_damage if damaged else ""):
                    if script:
                        conn.execute(fault.filled(script).encode())


def _make(server: Server, state: State) -> None:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database {state} template template0".encode())
    with contextlib.closing(database.maintenance(server.dsn(state))) as conn:
        # Until 15 everybody could create in it by default: a difference, and not one of these.
        conn.execute("revoke create on schema public from public")
        for fault in FAULTS:
            if fault.since <= server.major:
                own = fault.damage if state == "damaged" else fault.was
                script = f"create schema {fault.name}; set search_path = {fault.name}, public;"
                script += f"{fault.common.rstrip('; ')};{own}"
                conn.execute(fault.filled(script, state).encode())
