"""F17: a size says nothing: a backup far smaller than somebody expected is whole

gate: pre
toml: [backup]
toml: files = "backups/*.dump"
toml: max_age = "1 h"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.dump(scene.project / "backups" / "fonana.dump", "--compress=9")
