"""A project of a few files, made for one test."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost import database, project_file
from gatepost.dsn import Dsn
from gatepost.migrations import apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.settings import Settings

ANN, BOB = "1700000000000", "demo-user"

MIGRATION = """
create table public.users (
  id uuid primary key,
  name varchar(40),
  age int not null,
  made timestamptz default now()
);
create table public.notes (id bigserial primary key, body text);
"""
QUERY = """
-- every user, by the new id
select i.new as id, u.name, u.age::int as age, '2024-01-01'::timestamptz as made
from users as u
join ids as i on i.collection = 'users' and i.old = u.id;
"""
TOML = """
name = "studio"
[source]
url = "file:data/"
[source.collections.users]
ids = "id"
[migrate]
fill = "files"
[schema]
migrations = "migrations"
[targets.prod]
url = "{target}"
[tables."public.users"]
from = "sql/users.sql"
"""


@dataclass(frozen=True)
class Project:
    """A folder with all that a source of files takes."""

    folder: Path
    target: Dsn
    toml: str = TOML
    collections: dict[str, Any] = field(
        default_factory=lambda: {
            "users": [{"id": ANN, "name": "Ann", "age": 5}, {"id": BOB, "name": None, "age": 7}]
        }
    )

    def write(self) -> Settings:
        """Write the files, and return the settings."""
        for name in ("data", "sql", "migrations"):
            (self.folder / name).mkdir()
        for name, records in self.collections.items():
            text = json.dumps({name: records}, ensure_ascii=False)
            (self.folder / "data" / f"{name}.json").write_text(text, encoding="utf-8")
        (self.folder / "migrations" / "001_core.sql").write_text(MIGRATION)
        (self.folder / "sql" / "users.sql").write_text(QUERY)
        (self.folder / "gatepost.toml").write_text(self.toml.format(target=self.target.url))
        return self.load()

    def load(self, source: str = "") -> Settings:
        """Return the settings, of the project's own source or another."""
        return project_file.load(self.folder, "prod", source)

    def migrate(self, settings: Settings, staged: Dsn) -> None:
        """Do what a migration would: build the tables of the target, and fill them."""
        assert settings.migrations is not None
        apply.up(self.target, settings.migrations)
        with asked(staged) as source, opened(self.target) as target:
            for row in database.rows(source, 'select * from mapped."public.users"'):
                target.execute("insert into public.users values (%s, %s, %s, %s)", row)
            target.execute("analyze")


@contextlib.contextmanager
def asked(dsn: Dsn) -> Iterator[Connection]:
    """Yield a connection that may only read."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        yield conn


@contextlib.contextmanager
def opened(dsn: Dsn) -> Iterator[Connection]:
    """Yield a connection that may write."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        yield conn


def staging_databases(server: Dsn) -> list[str]:
    """Return the databases of a server in which something was staged, or half staged."""
    with asked(server) as conn:
        query = "select datname from pg_catalog.pg_database where datname like 'gatepost\\_staged%'"
        return [name for (name,) in database.rows(conn, query)]
