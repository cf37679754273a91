"""P1: a pending migration empties a table, and deletes from another

gate: pre
finds: lint 2_step
says: line 1: public.notifications is emptied, of about
says: line 2: public.comments loses
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.in_place("truncate notifications;\ndelete from comments where id like 'c%';\n")
