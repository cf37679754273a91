"""X8: ids of one file come in three formats, and the column takes one of them

gate: pre
finds: casts public.users; casts public.projects; casts public.project_members
finds: ids users
says: public.users.id: no uuid in 2 of 3 rows: users, records 1, 3
says: users: the query of public.users yields no row for 2 of 3 ids: users, records 1, 3
says: public.projects.owner: points to no public.users.id in 2 of 2 rows: projects, records 1, 2
says: users: 3 ids: 1 epoch, 1 uuid, 1 word; the rows of public.users
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.queries["users"] = project.queries["users"].replace("i.new as id", "u.id")
    files.plant(scene, project)
