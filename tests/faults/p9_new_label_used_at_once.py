"""P9: a migration uses the label of an enum that it adds itself

gate: pre
finds: lint 2_step; schema migrations
says: line 2: 'BAD' of public.Mood is used in the transaction that adds it, on line 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.run("before", "create type \"Mood\" as enum ('GOOD')")
    scene.in_place(
        "alter type \"Mood\" add value 'BAD';\n"
        "alter table posts add column mood \"Mood\" default 'BAD';\n"
    )
