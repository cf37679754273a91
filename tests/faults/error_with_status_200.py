"""own: an API that has an error to tell tells it with status 200

gate: app
finds: endpoint /api/posts
says: GET /api/posts: status 200, but an error: relation posts does not exist
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.scene import Environ, Scene, Start, Wsgi


def never_failing(application: Wsgi) -> Wsgi:
    def answer(environ: Environ, start: Start) -> Any:
        if environ["PATH_INFO"] != "/api/posts":
            return application(environ, start)
        start("200 OK", [("Content-Type", "application/json")])
        return [b'{"error": "relation posts does not exist", "posts": [], "total": 0}']

    return answer


def plant(scene: Scene) -> None:
    scene.front = never_failing
