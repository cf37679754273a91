"""X4: a target that nobody declared

gate: data
word: none
says: no target 'stage' in gatepost.toml: it has prod
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.target = "stage"
