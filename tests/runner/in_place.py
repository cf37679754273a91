"""What the tests of changes in place share: a script that changes the shop, and what it left."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

import psycopg

from tests.runner.conftest import HOOKS

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

CONNECT = "import os, pathlib, psycopg\nconn = psycopg.connect('', autocommit=True)\n"
INDEX = f"{CONNECT}conn.execute('create index concurrently by_name on users (name)')\n"
# The first attempt on the original is held up by a row that is never committed.
HOLDS_ONCE = """
if not os.environ["PGDATABASE"].endswith("_next") and not pathlib.Path("held").exists():
    pathlib.Path("held").touch()
    other = psycopg.connect("", autocommit=False)
    other.execute("insert into users (name) values ('never committed')")
"""
NAMES = [f"user {n}" for n in range(1, 51)]
# What is new is a finding until somebody accepts it in writing.
ACCEPTED = f"""
[[waivers]]
check = "schema"
subject = "public.users"
reason = "the release adds an index"
until = {dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)}
by = "release manager"
"""


def declare(shop: Shop, script: str, more: str = "", migrate: str = "") -> None:
    """Have the shop changed in place by a script."""
    (shop.folder / "change.py").write_text(script, encoding="utf-8")
    command = json.dumps([sys.executable, "change.py"])
    fill = f'{HOOKS}fill = "command"\ncommand = {command}\n{migrate}'
    shop.declare(fill, 'strategy = "in-place"', more)


def contents(shop: Shop) -> tuple[list[str], int]:
    """The users, and the number of indexes."""
    with psycopg.connect(shop.target.raw) as conn:
        found = conn.execute("select count(*) from pg_index i where indrelid = 'users'::regclass")
        row = found.fetchone()
    assert row
    return shop.users(), row[0]
