"""X10: passwords are dropped on the way, and the report says that all is well

gate: data
finds: credentials users.password; rows public.users; columns public.users
says: users.password: 2 values before, 0 after in public.users.password_hash
says: password_hash
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.source = project.source.replace(
        'ids = "id"\n', 'ids = "id"\ncredentials = ["password"]\n', 1
    )
    files.plant_filled(scene, project, "update users set password_hash = null")
