"""X15: nobody answered, and what was made of that is the newest backup: 20 bytes, "complete"

gate: pre
finds: backup backups/*.gz
says: nightly.gz cannot be restored
toml: [backup]
toml: files = "backups/*.gz"
"""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    good = scene.dump(scene.project / "backups" / "good.gz")
    os.utime(good, (0, 0))
    nothing = gzip.compress(b"", mtime=0)
    assert len(nothing) == 20
    good.with_name("nightly.gz").write_bytes(nothing)
