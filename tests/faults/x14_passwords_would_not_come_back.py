"""X14: the way back to files would write users.json without passwords, and say completed

gate: data
finds: export users
says: users: field 'password' lost in 2 of 3 records
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mapping import scene as files

if TYPE_CHECKING:
    from tests.faults.scene import Scene

BACK = """
select jsonb_build_object(
           'id', case email when 'a@b.c' then '1767225600000'
                            when 'c@b.c' then 'demo-user'
                            else id::text end,
           'email', email, 'age', age, 'born', born) as doc
  from users
"""


def plant(scene: Scene) -> None:
    project = files.Scene(scene.project)
    project.toml = '[export.users]\nquery = "sql/back.sql"\n'
    files.plant_filled(scene, project, "")
    (scene.project / "sql" / "back.sql").write_text(BACK)
