"""F24: what was downloaded as a picture is the page that said it is not there

gate: app
finds: media public.users.avatar
says: is not what its extension says
says: does not begin as
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    file = next((scene.media("after") / "media" / "avatars").glob("*.png"))
    file.write_text("<!doctype html><title>404 Not Found</title>")
