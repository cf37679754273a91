"""What is told of Alembic's table, as Alembic itself writes it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gatepost.ledgers import alembic
from gatepost.ledgers.entries import Entry
from tests.ledgers.others import revision, said_of, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


_ENV = """
import os
import sqlalchemy
from alembic import context

engine = sqlalchemy.create_engine(os.environ["TARGET"])
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An Alembic project of three revisions: one, then two branches."""
    versions = tmp_path / "alembic" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n")
    (tmp_path / "alembic" / "env.py").write_text(_ENV)
    revision(versions, "a1", None)
    revision(versions, "b2", "a1")
    return tmp_path


def test_alembic_itself_writes_what_is_read(database16: Make, project: Path) -> None:
    dsn = database16()
    ran(project, dsn, "upgrade", "a1")

    behind = told("alembic", "alembic_version", dsn, project / "alembic")
    ran(project, dsn, "upgrade", "head")
    whole = told("alembic", "alembic_version", dsn, project / "alembic")

    assert said_of("alembic_version", behind) == ["b2 (b2_x.py) has a script and was never applied"]
    assert whole.findings == ()
    assert "it keeps no checksums" in whole.notes[0]


def test_alembic_tells_every_state(database16: Make, project: Path) -> None:
    versions = project / "alembic" / "versions"
    revision(versions, "c3", "a1")
    revision(versions, "d4", "lost")
    dsn = database16(
        "create table alembic_version (version_num varchar(32) primary key);"
        "insert into alembic_version values ('a1'), ('b2'), ('gone')"
    )

    found = told("alembic", "alembic_version", dsn, project / "alembic")

    assert said_of("alembic_version", found) == [
        "d4_x.py: it is built upon lost, and no script of alembic is that",
        "alembic: there are 3 heads, b2, c3, d4, and `alembic upgrade head` refuses",
        "a1 is recorded beside a later revision of the same branch",
        "gone was applied, and no script is that revision",
        "c3 (c3_x.py) has a script and was never applied",
        "d4 (d4_x.py) has a script and was never applied",
    ]


def test_branches_that_were_merged_count_as_applied(tmp_path: Path) -> None:
    revision(tmp_path, "a1", None)
    revision(tmp_path, "b2", "a1")
    revision(tmp_path, "c3", "a1")
    revision(tmp_path, "d4", ("b2", "c3"))
    known = {one.id: one for one in alembic.revisions(tmp_path)}

    assert alembic.applied_of([Entry("d4", "d4")], known) == {"a1", "b2", "c3", "d4"}


def ran(project: Path, dsn: Dsn, *arguments: str) -> None:
    """Let Alembic itself do something."""
    given = dsn.parameters
    url = (
        f"postgresql+psycopg://{given['user']}:{given['password']}@{given['host']}:{given['port']}"
        f"/{dsn.dbname}"
    )
    command = [sys.executable, "-m", "alembic", *arguments]
    subprocess.run(command, cwd=project, env={"TARGET": url}, check=True, capture_output=True)
