"""own: a migration that is in the repository was run on neither side

gate: data
toml: [schema]
toml: migrations = "migrations"
finds: schema migrations
says: public.audit: the migrations build it, neither side has it
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    file = scene.project / "migrations" / "005_audit.sql"
    file.write_text("create table audit (id bigint primary key);")
