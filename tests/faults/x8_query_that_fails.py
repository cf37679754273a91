"""X8: a query casts ids to uuid, and two of three records are none

gate: pre
finds: casts public.users; casts public.projects; casts public.project_members
unasked: ids users
says: sql/users.sql: fails on 2 records: invalid input syntax for type uuid: "…"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.queries["users"] = project.queries["users"].replace("i.new as id", "u.id::uuid as id")
    files.plant(scene, project)
