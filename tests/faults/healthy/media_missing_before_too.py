"""own: files that the old system lacked are lacking: inherited

gate: app
says: it was so before
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.scene import SIDES

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    for side in SIDES:
        for file in sorted((scene.media(side) / "media" / "tests" / "posts").iterdir())[:3]:
            file.unlink()
