"""own: it went well on staging, and production is told the same keys and its own database

gate: pre
says: staging: run 20260801T090000-aaaa: GO
says: .env.production: 2 keys
toml: [targets.staging]
toml: url = "postgresql://staging/pool"
toml: [promote]
toml: from = "staging"
toml: [environment]
toml: files = { staging = ".env.staging", prod = ".env.production" }
toml: url = "DATABASE_URL"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.verdicts import left

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    left(scene.project, "fonana", "staging", "data")
    staging = 'DATABASE_URL="postgresql://app@staging/pool?schema=public"\nNEXTAUTH_URL=x\n'
    (scene.project / ".env.staging").write_text(staging)
    own = scene.pair.url("after")
    production = f'export NEXTAUTH_URL=y # ours\nDATABASE_URL="{own}?connection_limit=20"\n'
    (scene.project / ".env.production").write_text(production)
