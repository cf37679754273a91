"""F24: files that nobody copied

gate: app
finds: media public.posts.mediaUrl; media public.posts.thumbnail
says: 2 of 164 files are missing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    public = scene.media("after")
    for path in sorted((public / "media" / "tests" / "posts").iterdir())[:3]:
        path.unlink()
