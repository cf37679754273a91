"""A database, migrations that are pending there, and what is said of its rows."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING

import pytest

from gatepost.migrations.chain import File
from gatepost.origin import Source
from gatepost.settings import Project, Settings, TableRule, Target
from gatepost.side import Side
from gatepost.store import Store
from gatepost.violations import telling
from gatepost.violations.following import follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.told import Told

    Asked = Callable[..., dict[str, Told]]

_NUMBER = itertools.count()


@pytest.fixture
def asked(database16: Callable[..., Dsn], tmp_path: Path) -> Asked:
    """Return what is said, by subject, of a database that is to be migrated."""
    return asking(database16, tmp_path)


@pytest.fixture
def asked15(database15: Callable[..., Dsn], tmp_path: Path) -> Asked:
    """Return the same on a server that is older, and has extensions."""
    return asking(database15, tmp_path)


def asking(made: Callable[..., Dsn], folder: Path) -> Asked:
    """Return a function of SQL that fills a database, and of the files that are to change it."""

    def ask(there: str, *files: str, **rules: TableRule) -> dict[str, Told]:
        dsn = made(there)
        tables = {f"public.{name}": rule for name, rule in rules.items()}
        settings = Settings(
            project=Project(tables=tables),
            folder=folder,
            target_name="prod",
            target=Target(url=dsn.raw, strategy="in-place"),
            source=Source(url=dsn.raw),
        )
        side = Side("before", dsn, Store(folder / f"facts{next(_NUMBER)}", alone=True))
        with contextlib.closing(side):
            claims = follow(written(folder, *files), side.catalog).claims
            return {one.subject: telling.told(settings, side, one, claims) for one in claims}

    return ask


def written(folder: Path, *texts: str) -> list[File]:
    """Return files of SQL, written to a folder and called `1`, `2` and so on."""
    found = []
    for number, text in enumerate(texts, start=1):
        file = folder / f"{number}.sql"
        file.write_text(text)
        found.append(File(str(number), file))
    return found
