"""own: the source was changed by hand long ago, and the change was moved with everything else

gate: data
toml: [schema]
toml: migrations = "migrations"
says: both have: public.posts.isLocked: default false by the migrations, none on both sides
says: both have: public.posts: index made_by_hand on both sides, in no migration
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS
from tests.faults.scene import SIDES

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    for side in SIDES:
        scene.run(
            side,
            'alter table posts alter "isLocked" drop default;'
            " create index made_by_hand on posts (title);",
        )
