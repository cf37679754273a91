"""X9: a query leaves records out, and what it fills is compared with what it yields

gate: pre
finds: ids users; casts public.projects; casts public.project_members
says: users: the query of public.users yields no row for 1 of 3 ids: users, record 2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.queries["users"] += " where u.password is not null"
    project.collections["projects"][0]["owner"] = project.collections["users"][1]["id"]
    project.collections["projects"][0]["members"][0]["userId"] = project.collections["users"][1][
        "id"
    ]
    files.plant(scene, project)
