"""own: the application is told a password that is no longer the one of its role

gate: app
finds: environment DATABASE_URL
says: .env.production: DATABASE_URL reaches no database
toml: [environment]
toml: files = { prod = ".env.production" }
toml: url = "DATABASE_URL"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    pair = scene.pair
    url = pair.servers["after"].url(pair.database, password="of last year")
    (scene.project / ".env.production").write_text(f"DATABASE_URL={url}\n")
