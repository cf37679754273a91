"""X17: the file of the users is 12 bytes long, and nobody had said that it may be

gate: pre
word: none
says: users.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.collections["users"] = []
    files.plant(scene, project)
