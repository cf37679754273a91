"""F25: "zero 404": under the old names lie other pictures, chosen by chance

gate: app
finds: media public.users.backgroundImage
says: 53 of 53 files are not the files they were
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    folder = scene.media("after") / "media" / "backgrounds"
    files = sorted(folder.glob("*.webp"))
    bodies = [file.read_bytes() for file in files]
    for file, body in zip(files, [*bodies[1:], bodies[0]], strict=True):
        file.write_bytes(body)
