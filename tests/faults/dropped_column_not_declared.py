"""own: a migration drops a column that holds something, and nobody said that it may

gate: data
finds: schema public.users; rows public.users
says: public.users: gone after, and what it held with it: bio
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.environ["PYTEST_ADDOPTS"] = "--gatepost-in-place"
    scene.run("after", "alter table users drop column bio")
