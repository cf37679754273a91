"""own: the migrations cannot be run to their end in an empty database

gate: data
toml: [schema]
toml: migrations = "migrations"
finds: schema migrations
says: migrations/005_search.sql, line 2: column "active" does not exist
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    file = scene.project / "migrations" / "005_search.sql"
    file.write_text("-- for the search\ncreate index posts_active on posts (active);")
