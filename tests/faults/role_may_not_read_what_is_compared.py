"""own: what may not be read was not compared: no answer is not a yes

gate: data
word: INCOMPLETE
says: cannot read: permission denied for table likes
unasked: rows public.likes; columns public.likes
unasked: orphans public.likes.commentId -> public.comments.id
unasked: orphans public.likes.postId -> public.posts.id
unasked: orphans public.likes.userId -> public.users.id
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    script = "grant select on all tables in schema public to {role}"
    scene.role("after", f"{script}; revoke select on likes from {{role}}")
