"""own: what the migrations built, and the source has, did not arrive

gate: data
toml: [schema]
toml: migrations = "migrations"
finds: schema public.posts
says: public.posts.isLocked: default false before, none after
says: lost in the move: the migrations build what before has
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    scene.run("after", 'alter table posts alter "isLocked" drop default')
