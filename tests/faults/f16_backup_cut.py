"""F16: the disk was full: a backup that can be listed, and cannot be restored

gate: pre
finds: backup backups/*.dump
says: fonana.dump cannot be restored
toml: [backup]
toml: files = "backups/*.dump"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    file = scene.dump(scene.project / "backups" / "fonana.dump")
    file.write_bytes(file.read_bytes()[:-3000])
