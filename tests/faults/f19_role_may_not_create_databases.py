"""F19: who is to roll back may neither create the database anew nor rename it

gate: pre
finds: role after
says: may not create databases
says: does not own database
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.role("after", "grant pg_read_all_data to {role}")
