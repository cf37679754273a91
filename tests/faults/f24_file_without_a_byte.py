"""F24: a file is there, and holds nothing

gate: pre
finds: media public.users.backgroundImage
says: is empty
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    file = min((scene.media("before") / "media" / "backgrounds").glob("*.webp"))
    file.write_bytes(b"")
