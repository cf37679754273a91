"""own: the front answers for its visitors: who has no token gets in all the same

gate: app
finds: endpoint /api/admin/stats
says: GET /api/admin/stats: status 200, expected 401
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.scene import TOKEN

if TYPE_CHECKING:
    from tests.faults.scene import Environ, Scene, Start, Wsgi


def with_the_token(application: Wsgi) -> Wsgi:
    def answer(environ: Environ, start: Start) -> Any:
        return application(environ | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, start)

    return answer


def plant(scene: Scene) -> None:
    scene.front = with_the_token
