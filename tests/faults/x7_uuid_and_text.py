"""X7: a column of text points to one of uuid: no foreign key can be made between them

gate: pre
finds: ids foreign keys
says: public.notes.author: is text, and public.users.id, to which it points, uuid
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.migration += "create table notes (id int primary key, author text);"
    project.toml = '[[references]]\nchild = "public.notes.author"\nparent = "public.users.id"\n'
    files.plant(scene, project)
