"""F24: paths and files are right, and the web server has no rule for one of the folders

gate: app
finds: media public.posts.mediaUrl; media public.posts.thumbnail
says: are not served
says: status 404
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.scene import Environ, Scene, Start, Wsgi


def without_posts(application: Wsgi) -> Wsgi:
    def answer(environ: Environ, start: Start) -> Any:
        if environ["PATH_INFO"].startswith("/posts/"):
            environ["PATH_INFO"] = "/where/nothing/is"
        return application(environ, start)

    return answer


def plant(scene: Scene) -> None:
    scene.front = without_posts
