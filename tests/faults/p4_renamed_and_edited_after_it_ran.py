"""P4: after it had failed, a migration was given another date, and other lines

gate: pre
toml: [[ledgers]]
toml: kind = "prisma"
toml: table = "public._prisma_migrations"
toml: files = "prisma/migrations"
finds: ledger public._prisma_migrations
says: 20250823_optimize was applied and has no file; 20250829_optimize was never applied
says: 20250829_optimize has a file and was never applied
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.scene import SIDES
from tests.ledgers.rows import prisma_folder, prisma_table, row

if TYPE_CHECKING:
    from tests.faults.scene import Scene

INIT = "create table pools ();"


def plant(scene: Scene) -> None:
    rows = (row("20250816_init", INIT), row("20250823_optimize", "create index on pools (season);"))
    for side in SIDES:
        scene.run(side, prisma_table(*rows))
        scene.run(side, "analyze")
    edited = {"20250816_init": INIT, "20250829_optimize": "create index on pools (id);"}
    prisma_folder(scene.project / "prisma" / "migrations", edited)
