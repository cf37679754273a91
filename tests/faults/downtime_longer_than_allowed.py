"""own: users were out for longer than the project can afford, and the drill took too long

gate: app
finds: downtime application; rollback drill
says: application: down for 11 min 40 s, 10 min 00 s allowed
says: drill: took 16 min 00 s, 15 min 00 s allowed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.measured import Measured

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.measure(Measured("application", 1400, downtime_s=700.0, gaps=1, drill_s=960.0))
