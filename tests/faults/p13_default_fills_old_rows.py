"""P13: a column's default filled every row that was there, and no row had asked for it

gate: data
finds: schema public.users; additions public.users
says: public.users.source: new, and its default filled all 59 rows (59 were there before) with mock
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.environ["PYTEST_ADDOPTS"] = "--gatepost-in-place"
    scene.run("after", "alter table users add column source text not null default 'mock'")
