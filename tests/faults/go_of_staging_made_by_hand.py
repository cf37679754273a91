"""own: staging said no, and somebody made a GO of its verdict by hand

gate: pre
finds: promote staging
says: run 20260801T090000-aaaa: its data gate says GO beside findings, or what was not asked
says: run 20260801T090000-aaaa: the verdict of its data gate was changed since it was written
toml: [targets.staging]
toml: url = "postgresql://staging/pool"
toml: [promote]
toml: from = "staging"
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.verdicts import left

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    file = left(scene.project, "fonana", "staging", "data", "no")
    document = json.loads(file.read_text())
    file.write_text(json.dumps(document | {"verdict": "GO", "exit_status": 0}))
