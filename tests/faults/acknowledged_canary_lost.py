"""own: a row that the database had acknowledged is not in the one that is live

gate: app
finds: downtime canaries
says: 1 of 24 acknowledged canaries are not in the live database: c7 of 03:12:44
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.measured import Measured

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    lost = ("c7 of 03:12:44",)
    scene.measure(Measured("application", 40, 8.0, gaps=1, canaries=24, lost=lost, drill_s=0.3))
