"""own: a proxy caches the first page of a list for all of them

gate: app
finds: endpoint /api/posts
says: GET /api/posts: 20 of 40 items are repeated
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.scene import Environ, Scene, Start, Wsgi


def first_page_only(application: Wsgi) -> Wsgi:
    def answer(environ: Environ, start: Start) -> Any:
        if environ["PATH_INFO"] == "/api/posts":
            environ["QUERY_STRING"] = "page=1&limit=20"
        return application(environ, start)

    return answer


def plant(scene: Scene) -> None:
    scene.front = first_page_only
