"""X11: a whole collection is not read by anybody, and neither is a field of one record

gate: pre
finds: coverage teams; coverage users
says: teams: 1 record, and no query takes anything of it
says: users.verified: in 1 of 3 records, and no query takes it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.collections["teams"] = [{"id": "t", "name": "one"}]
    project.collections["users"][1]["verified"] = True
    files.plant(scene, project)
