"""A small project of files, healthy as it stands: what is in them, the tables, and the queries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.types.json import Jsonb

from gatepost.migrations import apply
from gatepost.staging import identities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults import scene as faults

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
_EMPTIED = """
drop schema public cascade; create schema public;
comment on schema public is 'standard public schema';
"""
QUERIES = {
    "users": """select i.new as id, u.email, u.age, u.born,
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


def _records() -> dict[str, list[dict[str, Any]]]:
    """Return the records, which a test may damage."""
    copied: dict[str, list[dict[str, Any]]] = json.loads(
        json.dumps({"users": USERS, "projects": PROJECTS})
    )
    return copied


@dataclass
class Scene:
    """A project of files: what is in them, the tables, the queries, and what is declared."""

    folder: Path
    collections: dict[str, list[dict[str, Any]]] = field(default_factory=_records)
    queries: dict[str, str] = field(default_factory=lambda: dict(QUERIES))
    migration: str = MIGRATION
    source: str = (
        '[source.collections.users]\nids = "id"\n[source.collections.projects]\nids = "id"\n'
    )
    toml: str = ""

    def write(self, target: str) -> None:
        """Write the project down."""
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


def plant(scene: faults.Scene, files: Scene) -> None:
    """Let a gate be asked of a project of files in the place of the one that it was about."""
    files.write("${FONANA_PROD_URL}")
    scene.environ["FONANA_PROD_URL"] = scene.clone("after").raw


def plant_filled(scene: faults.Scene, files: Scene, script: str) -> None:
    """Let it be asked of a target that holds what the queries yield, and was then changed."""
    plant(scene, files)
    scene.run("after", _EMPTIED)
    apply.up(scene.clone("after"), scene.project / "migrations")
    scene.run("after", "\n".join(_inserts(files)))
    scene.run("after", script)
    scene.run("after", "analyze")


def _inserts(files: Scene) -> Iterator[str]:
    """Yield what fills the tables with what the healthy queries yield."""

    def new(collection: str, old: str) -> str:
        return identities.new(identities.space_of("scene", collection).bytes, old.encode())

    for one in files.collections["users"]:
        key = new("users", one["id"])
        yield _insert("users", key, one["email"], one["age"], one["born"], one.get("password"))
    for one in files.collections["projects"]:
        key, owner = new("projects", one["id"]), new("users", one["owner"])
        settings = Jsonb(one["settings"])
        yield _insert("projects", key, one["name"], owner, one["budget"], settings)
        for member in one["members"]:
            person = new("users", member["userId"])
            yield _insert("project_members", key, person, member["role"])


def _insert(table: str, *values: object) -> str:
    listed = sql.SQL(", ").join(map(sql.Literal, values))
    statement = sql.SQL("insert into {} values ({});").format(sql.Identifier(table), listed)
    return statement.as_string()
