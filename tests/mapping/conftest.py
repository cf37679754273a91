"""Small sources, staged on a real server beside the empty tables that they are to fill."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

MIGRATION = """
create table users (
  id uuid primary key, email varchar(20) not null unique, age int check (age < 150),
  born date, password_hash text);
create table projects (
  id uuid primary key, name text not null, owner uuid not null references users,
  budget numeric(6,2), settings jsonb not null default '{}');
create table project_members (
  project uuid references projects, person uuid references users,
  role text check (role in ('manager', 'viewer')), primary key (project, person));
"""
QUERIES = {
    "users": """select i.new as id, u.email, u.age, u.born::timestamptz as born,
        u.password as password_hash
      from users u join ids i on i.collection = 'users' and i.old = u.id""",
    "projects": """select i.new as id, p.name, o.new as owner, p.budget, p.settings
      from staged.projects as p
      left join staged.ids as i on i.collection = 'projects' and i.old = p.id
      left join staged.ids as o on o.collection = 'users' and o.old = p.owner""",
    "project_members": """select i.new as project, o.new as person, m.role
      from "projects.members" as m join projects p on p.record = m.parent
      left join ids as i on i.collection = 'projects' and i.old = p.id
      left join ids as o on o.collection = 'users' and o.old = m."userId" """,
}
USERS: list[dict[str, Any]] = [
    {"id": "1767225600000", "email": "a@b.c", "age": 30, "born": "1990-01-01", "password": "x"},
    {"id": "b7c1b2a6-3d57-4f5b-9a53-6f1f2d3c4e5f", "email": "b@b.c", "age": 40, "born": None},
    {"id": "demo-user", "email": "c@b.c", "age": None, "born": "2000-02-29", "password": "y"},
]
PROJECTS: list[dict[str, Any]] = [
    {
        "id": "0c9f0a4e-6a3e-4b7c-8a59-3f0a5d1b2c3d",
        "name": "one",
        "owner": "demo-user",
        "budget": "10.50",
        "settings": {"theme": "dark"},
        "members": [
            {"userId": "demo-user", "role": "manager"},
            {"userId": "1767225600000", "role": "viewer"},
        ],
    },
    {
        "id": "1c9f0a4e-6a3e-4b7c-8a59-3f0a5d1b2c3d",
        "name": "two",
        "owner": "1767225600000",
        "budget": None,
        "settings": {},
        "members": [],
    },
]


@dataclass
class Scene:
    """A project of files: what is in them, the tables, the queries, and what is declared."""

    folder: Path
    collections: dict[str, list[dict[str, Any]]]
    queries: dict[str, str]
    migration: str = MIGRATION
    source: str = (
        '[source.collections.users]\nids = "id"\n[source.collections.projects]\nids = "id"\n'
    )
    toml: str = ""

    def write(self, target: str) -> Settings:
        """Write the project down and return its settings."""
        for name in ("data", "migrations", "sql"):
            (self.folder / name).mkdir(exist_ok=True)
        for name, records in self.collections.items():
            text = json.dumps({name: records})
            (self.folder / "data" / f"{name}.json").write_text(text, encoding="utf-8")
        for name, query in self.queries.items():
            (self.folder / "sql" / f"{name}.sql").write_text(query, encoding="utf-8")
        (self.folder / "migrations" / "001_all.sql").write_text(self.migration, encoding="utf-8")
        tables = "".join(
            f'[tables."public.{name}"]\nfrom = "sql/{name}.sql"\n' for name in self.queries
        )
        (self.folder / "gatepost.toml").write_text(
            f'name = "scene"\n[source]\nurl = "file:data/"\n{self.source}'
            f'[targets.prod]\nurl = "{target}"\n[migrate]\nfill = "files"\n'
            f'[schema]\nmigrations = "migrations"\n{tables}{self.toml}',
            encoding="utf-8",
        )
        return project_file.load(self.folder, "prod")


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
    copied = json.loads(json.dumps({"users": USERS, "projects": PROJECTS}))
    return Scene(tmp_path, copied, dict(QUERIES))


@pytest.fixture
def staging(server16: Server, tmp_path: Path) -> Iterator[Stage]:
    """Stage a project, beside a target that is filled with what its queries yield.

    :param after: SQL that is then run in the target.
    """
    with contextlib.ExitStack() as held:

        def into(scene: Scene, after: str = "") -> Staging:
            settings = scene.write(server16.url("nowhere"))
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
