"""X17: the file of the projects holds users

gate: pre
word: none
says: projects.json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    files.plant(scene, project)
    (scene.project / "data" / "projects.json").write_text('{"users":[]}', encoding="utf-8")
