"""F23: the application has another password than the database, and every query fails

gate: app
finds: endpoint /api/creators; endpoint /api/posts; page /; page /creators; page /feed
finds: health /api/health
says: GET /api/health: status 503, expected 200
says: GET /api/creators: status 500, expected 200
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.dsn import Dsn

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    server, name = scene.pair.servers["after"], scene.pair.database
    scene.application = Dsn(server.url(name, password="yesterday's"))
