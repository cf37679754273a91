"""own: a migration keeps readers from a table for longer than the project can afford

gate: data
finds: locks public.users
says: public.users: ACCESS EXCLUSIVE for 4.2 s by 20250829_optimize, 2.0 s allowed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.locks import Held, Locks

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    text = scene.toml.read_text()
    scene.toml.write_text(text.replace("[limits]\n", '[limits]\nlock = "2 s"\n'))
    long = Held("public.users", "ACCESS EXCLUSIVE", 4.2, "20250829_optimize")
    short = Held("public.posts", "SHARE", 0.4, "20250829_optimize")
    scene.watch(Locks(500, 0.02, 0.05, (long, short)))
