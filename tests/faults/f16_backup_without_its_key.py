"""F16: a backup is encrypted, and the key that opens it is nowhere

gate: pre
finds: backup backups/
says: fonana.dump.age cannot be restored: it is encrypted, and [backup] names no identity
toml: [backup]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    name = "fonana.dump.age"
    archive = scene.backup("fonana", archive=name, encrypted_to=("age1nobody",))
    archive.rename(archive.with_name(name))
