"""X4: one of the two databases does not answer

gate: data
word: none
says: cannot connect to
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.environ["FONANA_SOURCE_URL"] = "postgresql://nobody@127.0.0.1:9/fonana?connect_timeout=2"
