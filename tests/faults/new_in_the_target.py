"""own: a migration that the source never got was run on the target alone

gate: data
toml: [schema]
toml: migrations = "migrations"
finds: schema public.posts
says: public.posts: index posts_title only after
says: new in the target: the migrations build what after has
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    index = "create index posts_title on posts (title);"
    (scene.project / "migrations" / "005_search.sql").write_text(index)
    scene.run("after", index)
