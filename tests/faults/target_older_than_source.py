"""own: the way back: the target is an older server than the source

gate: pre
finds: versions servers; versions tools
says: an archive goes into a server at least as new
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    before, after = scene.environ["FONANA_SOURCE_URL"], scene.environ["FONANA_PROD_URL"]
    scene.environ |= {"FONANA_SOURCE_URL": after, "FONANA_PROD_URL": before}
