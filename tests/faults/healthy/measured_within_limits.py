"""own: users were out in two short gaps, every canary is there, the drill was fast

gate: app
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.measured import Measured

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.measure(Measured("application", 90, 599.0, gaps=2, canaries=24, drill_s=0.3))
