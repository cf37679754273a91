"""Small sources, staged on a real server beside the empty tables that they are to fill."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost import database, project_file
from gatepost.names import Relation
from gatepost.settings import Settings
from gatepost.side import Side
from gatepost.sides import Sides
from gatepost.staging import stage
from gatepost.staging.places import view_of
from gatepost.store import Store
from tests.conftest import run
from tests.mapping.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server


@dataclass(frozen=True)
class Staging:
    """A source that was staged, and a target of which everything is the very same database."""

    settings: Settings
    sides: Sides

    @property
    def before(self) -> Side:
        """The staged source."""
        return self.sides.before


Stage = Callable[..., Staging]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A healthy project, to be damaged."""
    return Scene(tmp_path)


@pytest.fixture
def staging(server16: Server, tmp_path: Path) -> Iterator[Stage]:
    """Stage a project, beside a target that is filled with what its queries yield.

    :param after: SQL that is then run in the target.
    """
    with contextlib.ExitStack() as held:

        def into(scene: Scene, after: str = "") -> Staging:
            scene.write(server16.url("nowhere"))
            settings = project_file.load(scene.folder, "prod")
            staged = stage.into(
                settings, server16.dsn(), migrate=lambda dsn: run(dsn, scene.migration)
            )
            held.callback(stage.drop, staged)
            before = Side("before", staged.dsn, Store(tmp_path / "before", alone=True))
            target = held.enter_context(_filled(server16, scene, before)) if after else staged.dsn
            if after:
                run(target, after)
            sides = Sides(before, Side("after", target, Store(tmp_path / "after", alone=True)))
            for one in (sides, sides.before, sides.after):
                held.callback(one.close)
            return Staging(stage.settings_for(settings, staged), sides)

        yield into


@contextlib.contextmanager
def _filled(server: Server, scene: Scene, before: Side) -> Iterator[Dsn]:
    """Fill a database with what the queries of a scene yield."""
    name = sql.Identifier("filled")
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(sql.SQL("create database {} template template0").format(name))
        try:
            dsn = server.dsn("filled")
            run(dsn, scene.migration)
            for table in scene.queries:
                _copy(before, dsn, table)
            yield dsn
        finally:
            conn.execute(sql.SQL("drop database {} with (force)").format(name))


def _copy(before: Side, dsn: Dsn, table: str) -> None:
    relation = Relation("public", table)
    view = sql.SQL("select * from {}").format(view_of(relation).identifier)
    with before.lent() as conn, contextlib.closing(database.maintenance(dsn)) as target:
        reading = conn.execute(view)
        columns = [one.name for one in reading.description or ()]
        into = sql.SQL("copy {} ({}) from stdin").format(
            relation.identifier, sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        out = sql.SQL("copy ({}) to stdout").format(view)
        with (
            conn.cursor().copy(out) as data,
            target.cursor() as cursor,
            cursor.copy(into) as copy,
        ):
            for block in data:
                copy.write(block)
