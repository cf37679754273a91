"""F24: whatever is not found is answered with the first page and status 200

gate: app
finds: media public.users.avatar
says: is served as another type
says: text/html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.scene import Environ, Scene, Start, Wsgi


def always_there(application: Wsgi) -> Wsgi:
    def answer(environ: Environ, start: Start) -> Any:
        if environ["PATH_INFO"].endswith(".png"):
            environ["PATH_INFO"] = "/"
        return application(environ, start)

    return answer


def plant(scene: Scene) -> None:
    scene.front = always_there
