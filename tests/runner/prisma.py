"""What the tests of Prisma's migrations share: a chain for the shop, and who deploys it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, names
from gatepost.migrations import prisma, prisma_ledger
from tests.migrations.test_prisma import written
from tests.runner.conftest import HOOKS, SCHEMA

if TYPE_CHECKING:
    from gatepost.dsn import Dsn
    from gatepost.migrations.prisma_ledger import Row
    from tests.runner.conftest import Shop

INIT, INDEX, TEAMS, BIO = "20250801_init", "20250802_index", "20250803_teams", "20250804_bio"
# The first is in the database already.
CHAIN = {
    INIT: SCHEMA,
    INDEX: "CREATE INDEX by_name ON users (name);\n",
    TEAMS: "CREATE TABLE teams (id text PRIMARY KEY);\n",
    BIO: "ALTER TABLE users ADD COLUMN bio text;\n",
}
FENCE = '[fence]\nconnect = ["public"]'
DEPLOY = f"""
import os, pathlib, sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from urllib.parse import parse_qs, urlsplit
from gatepost.dsn import Dsn
from gatepost.migrations import prisma
told = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)
assert told["schema"] == ["public"], told
assert told["application_name"][0].startswith("gatepost "), told
folder = pathlib.Path(os.environ.get("GATEPOST_PRISMA", "prisma")) / "migrations"
prisma.deploy(Dsn(""), folder)
"""


def accepted(*subjects: str, check: str = "schema") -> str:
    """Have findings about what is new accepted in writing."""
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    return "".join(
        f'[[waivers]]\ncheck = "{check}"\nsubject = "{subject}"\nreason = "the release adds it"\n'
        f'until = {until}\nby = "release manager"\n'
        for subject in subjects
    )


def declare(
    shop: Shop,
    chain: dict[str, str],
    *,
    strategy: str = "in-place",
    migrate: str = "",
    more: str = "",
) -> None:
    """Have the shop changed by a chain of Prisma's, the first of which is applied."""
    (shop.folder / "prisma").mkdir(exist_ok=True)
    folder = written(shop.folder / "prisma", dict(chain))
    fill = f'{HOOKS}fill = "prisma"\nmigrations = "prisma/migrations"\n{migrate}'
    shop.declare(fill, f'strategy = "{strategy}"', more)
    with contextlib.closing(database.maintenance(shop.target)) as conn:
        table = names.relation(prisma.TABLE)
        if prisma_ledger.read(conn, table) is None:
            prisma_ledger.create(conn, table)
            first = next(one for one in prisma.read(folder).files if one.name == INIT)
            row = prisma_ledger.begin(conn, table, first.name, first.sha256)
            prisma_ledger.finish(conn, table, row)


def by_command(shop: Shop, script: str = DEPLOY, *, patience: str = "10 s") -> str:
    """Return what declares that a script of the project's own deploys.

    :param patience: how long it waits for a lock.
    """
    (shop.folder / "deploy.py").write_text(script, encoding="utf-8")
    command = json.dumps([sys.executable, "deploy.py"])
    return f'command = {command}\nlock_timeout = "{patience}"\n'


def held_up(*holds: str) -> str:
    """Return a script that deploys, and that on the original does lines before, once."""
    on_original = 'not os.environ["PGDATABASE"].endswith("_next")'
    once = f'if {on_original} and not pathlib.Path("held").exists():'
    lines = "\n    ".join((once, 'pathlib.Path("held").touch()', "import psycopg", *holds))
    return DEPLOY.replace("prisma.deploy", f"{lines}\nprisma.deploy")


def rows(there: Dsn) -> list[Row]:
    """What the ledger holds."""
    with contextlib.closing(database.maintenance(there)) as conn:
        return list(prisma_ledger.read(conn, names.relation(prisma.TABLE)) or ())


def applied(there: Dsn) -> list[str]:
    """The migrations that the ledger calls applied."""
    return [row.name for row in rows(there) if row.finished_at and not row.rolled_back_at]
