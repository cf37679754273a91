"""F24: .JPG on the old disk, .jpg on the new one, which tells the two apart

gate: app
finds: media public.posts.mediaUrl
says: are there only in another case
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    for file in (scene.media("after") / "posts" / "images").glob("*.JPG"):
        file.rename(file.with_suffix(".jpg"))
