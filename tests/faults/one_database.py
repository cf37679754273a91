"""own: both addresses lead to one database: nothing would be compared

gate: data
word: none
refuses: identity databases
says: before and after are one database
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.environ["FONANA_SOURCE_URL"] = scene.environ["FONANA_PROD_URL"]
