"""A folder of migrations, made of a few lines of SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

# Two migrations that are as they should be, each with its way back.
HEALTHY: dict[str, str | bytes] = {
    "001_users.sql": "create table users (id int primary key, name text not null);\n"
    "insert into users values (1, 'a;b');",
    "001_users.down.sql": "drop table users;",
    "002_posts.sql": "create table posts (id int primary key, author int references users);",
    "002_posts_rollback.sql": "drop table posts;",
}


Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Write files of SQL into a folder, the healthy ones unless others are given."""

    def write(*changes: dict[str, str | bytes], only: bool = False) -> Path:
        there = tmp_path / "migrations"
        there.mkdir(exist_ok=True)
        for files in changes if only else (HEALTHY, *changes):
            for name, text in files.items():
                data = text if isinstance(text, bytes) else text.encode()
                (there / name).write_bytes(data)
        return there

    return write


def asked(dsn: Dsn, query: str) -> list[Any]:
    """Return the first column of what a query yields."""
    with psycopg.connect(dsn.raw) as conn:
        return [row[0] for row in conn.execute(query.encode())]


def tables(dsn: Dsn) -> list[str]:
    """Return the tables of a database, without the ledger."""
    found = asked(
        dsn, "select relname from pg_class where relkind = 'r' and oid > 16000 order by 1"
    )
    return [name for name in found if name != "gatepost_migrations"]


def recorded(dsn: Dsn) -> list[str]:
    """Return what the ledger says was applied; nothing where there is none."""
    if asked(dsn, "select to_regclass('gatepost_migrations')") == [None]:
        return []
    return asked(dsn, "select name from gatepost_migrations order by version")
