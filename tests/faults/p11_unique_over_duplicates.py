"""P11: a guard adds a unique key to a column that never had one, and two rows share a value

gate: pre
finds: violations unique public.posts (title)
says: rows share
says: 2_step, line 4 will fail: mend them first, or in a statement before it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.run("before", "update posts set title = (select min(title) from posts)")
    scene.in_place(
        "do $$\nbegin\n"
        "  if not exists (select from pg_constraint where conname = 'posts_title_key') then\n"
        "    alter table posts add constraint posts_title_key unique (title);\n"
        "  end if;\nend $$;\n"
    )
