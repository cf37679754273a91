"""F16: seven of nine backups have no byte, the newest among them

gate: pre
finds: backup backups/*.dump
says: fonana-8.dump is empty, and so are 7 of 9 backups
toml: [backup]
toml: files = "backups/*.dump"
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    backups = scene.project / "backups"
    backups.mkdir()
    for day in range(9):
        file = backups / f"fonana-{day}.dump"
        file.write_bytes(b"" if day >= 2 else b"PGDMP")
        os.utime(file, (day, day))
