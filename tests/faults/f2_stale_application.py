"""F2: the API says 55 for days: it asks the database of an earlier try

gate: app
finds: endpoint /api/creators
says: GET /api/creators: says 55, the database holds 56
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.scene import run

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    stale = scene.copy("after")
    one = 'select min(id) from users where "isCreator"'
    run(stale, f'update users set "isCreator" = false where id = ({one})')
    scene.application = stale
