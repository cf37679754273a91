"""own: the file of production lacks a key, and names the database of somebody else

gate: pre
finds: environment prod; environment DATABASE_URL
says: .env.production: SENTRY_DSN is not there, and is in .env.staging
says: .env.production: DATABASE_URL reaches another database of the server
toml: [environment]
toml: files = { staging = ".env.staging", prod = ".env.production" }
toml: url = "DATABASE_URL"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    other = scene.pair.servers["after"].url("postgres")
    staging = "DATABASE_URL=postgresql://app@staging/pool\nSENTRY_DSN=x\n"
    (scene.project / ".env.staging").write_text(staging)
    (scene.project / ".env.production").write_text(f"DATABASE_URL={other}\n")
