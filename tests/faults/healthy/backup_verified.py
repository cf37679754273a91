"""F17: what lies beside a good backup is no matter: older ones that failed, and another database's

gate: pre
toml: [backup]
toml: max_age = "1 h"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.backup("fonana")
    scene.backup("failed", days=1, verified=None)
    scene.backup("another", database="another", verified=None)
