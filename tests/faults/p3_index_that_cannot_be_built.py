"""P3: indexes on columns that are not there, and one whose predicate asks what time it is

gate: pre
finds: lint 2_step; schema migrations
says: line 1: public.posts has no column 'creator_id' (unknown name)
says: hint: did you mean 'creatorId'?
says: line 2: index predicate: now() is stable (not immutable)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.in_place(
        "create index posts_of on posts (creator_id);\n"
        'create index posts_new on posts (id) where "createdAt" > now();\n'
    )
