"""own: row security would hide rows from the role that dumps

gate: pre
finds: role before; schema public.posts
unasked: media public.posts.mediaUrl; media public.posts.thumbnail
says: public.posts: row security would hide rows
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.role(
        "before",
        """
        grant select, update on all tables in schema public to {role};
        alter table posts enable row level security;
        create policy locked on posts for select using (not "isLocked");
        """,
    )
