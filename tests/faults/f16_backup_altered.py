"""F16: one byte of a backup is another one since it was verified; its size and its date are right

gate: pre
finds: backup backups/
says: fonana.dump is not what was written: its sha256 differs
toml: [backup]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    archive = scene.backup("fonana")
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(bytes(data))
