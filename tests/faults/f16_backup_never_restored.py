"""F16: the newest backup was written, and nobody has ever seen that it can be restored

gate: pre
finds: backup backups/
says: newer.dump is no backup yet: it was never restored and compared; the last that counts is older
toml: [backup]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.backup("older", days=1)
    scene.backup("newer", verified=None)
