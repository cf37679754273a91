"""P10: one file is to build two indexes concurrently, which the server does in no transaction

gate: pre
finds: lint 2_step; schema migrations
says: line 1: create index concurrently in a transaction: the file has more statements
says: hint: give each such statement a migration of its own
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.in_place(
        'create index concurrently posts_a on posts ("creatorId");\n'
        "create index concurrently posts_b on posts (type);\n"
    )
